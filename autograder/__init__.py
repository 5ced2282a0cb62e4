"""The grading machine: runs submissions and checks them. It knows nothing of convolution."""
