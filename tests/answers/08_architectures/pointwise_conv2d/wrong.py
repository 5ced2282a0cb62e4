"""Wrong answers to `pointwise_conv2d`, as students give them."""

import numpy as np


def absolute(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.einsum("oc,ncij->noij", abs(weight), x)


def channels_stay_last(x, weight):
    """the channels last"""
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.moveaxis(x, 1, -1) @ weight.T


def first_example(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    y = np.einsum("oc,cij->oij", weight, x[0])
    return np.stack([y] * len(x))


def first_kernel(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    y = np.einsum("c,ncij->nij", weight[0], x)
    return np.repeat(y[:, None], len(weight), 1)


def last_channel_left_out(x, weight):
    """the last channel left out"""
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.einsum("oc,ncij->noij", weight[:, :-1], x[:, :-1])


def loop_over_pixels(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    n, c, h, w = x.shape
    y = np.zeros((n, len(weight), h, w), x.dtype)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = x[:, :, i, j] @ weight.T
    return y


def mean(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.einsum("oc,ncij->noij", weight, x) / x.shape[1]


def rectified(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.maximum(np.einsum("oc,ncij->noij", weight, x), 0)


def reshaped_wrongly(x, weight):
    """the channels of a place read as if they lay behind one another"""
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    n, c, h, w = x.shape
    y = x.reshape(n * h * w, c) @ weight.T
    return y.reshape(n, len(weight), h, w)


def transposed_picture(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.einsum("oc,ncij->noji", weight, x)
