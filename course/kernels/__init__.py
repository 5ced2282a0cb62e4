"""Topic 10: how a GPU computes a convolution."""
