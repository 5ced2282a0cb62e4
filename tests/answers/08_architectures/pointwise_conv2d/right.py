"""Right answers to `pointwise_conv2d`, as students give them."""

import numpy as np


def channels_last(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.moveaxis(np.moveaxis(x, 1, -1) @ weight.T, -1, 1)


def einsum(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.einsum("oc,ncij->noij", weight, x)


def loop_over_channels(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    y = np.zeros((len(x), len(weight), *x.shape[2:]), x.dtype)
    for c in range(x.shape[1]):
        y += weight[:, c][None, :, None, None] * x[:, c][:, None]
    return y


def matmul(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    n, c, h, w = x.shape
    return (weight @ x.reshape(n, c, h * w)).reshape(n, -1, h, w)


def tensordot(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.tensordot(weight, x, axes=(1, 1)).transpose(1, 0, 2, 3)
