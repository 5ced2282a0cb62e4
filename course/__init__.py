"""Convolutional networks, taught by running them: what lectures and exercises import."""
