"""Wrong answers to `projection_shortcut`, as students give them."""

import numpy as np


def columns_only(x, weight, stride=1):
    """a stride for columns only"""
    seen = x[:, :, :, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)


def corner(x, weight, stride=1):
    """the upper left corner in place of every stride-th pixel"""
    seen = x[:, :, : -(-x.shape[2] // stride), : -(-x.shape[3] // stride)]
    return np.einsum("oc,ncij->noij", weight, seen)


def floor(x, weight, stride=1):
    """an output that is cut to whole blocks"""
    seen = x[:, :, ::stride, ::stride][:, :, : x.shape[2] // stride, : x.shape[3] // stride]
    return np.einsum("oc,ncij->noij", weight, seen)


def mean_of_channels(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen) / x.shape[1]


def mean_pooled(x, weight, stride=1):
    """a mean of each block in place of its first pixel"""
    N, C, H, W = x.shape
    H, W = H // stride, W // stride
    blocks = x[:, :, : H * stride, : W * stride].reshape(N, C, H, stride, W, stride)
    seen = blocks.mean(axis=(3, 5))
    return np.einsum("oc,ncij->noij", weight, seen)


def no_stride(x, weight, stride=1):
    seen = x
    return np.einsum("oc,ncij->noij", weight, seen)


def rows_only(x, weight, stride=1):
    """a stride for rows only"""
    seen = x[:, :, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)


def second_pixel(x, weight, stride=1):
    """a stride that begins with the second pixel"""
    seen = x[:, :, stride - 1 :: stride, stride - 1 :: stride]
    return np.einsum("oc,ncij->noij", weight, seen)


def short_by_one(x, weight, stride=1):
    """a result without its last row and column"""
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)[:, :, :-1, :-1]


def transposed_weight(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("co,ncij->noij", weight, seen)


def with_a_rectifier(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.maximum(np.einsum("oc,ncij->noij", weight, seen), 0)


def zero_channels(x, weight, stride=1):
    """an input padded with channels of zeros, without the projection"""
    seen = x[:, :, ::stride, ::stride]
    more = len(weight) - x.shape[1]
    return np.pad(seen, ((0, 0), (0, more), (0, 0), (0, 0)))
