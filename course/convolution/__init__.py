"""Convolution: what a convolutional layer computes, and how it is a matrix product."""
