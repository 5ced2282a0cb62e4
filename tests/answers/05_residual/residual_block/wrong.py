"""Wrong answers to `residual_block`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def _conv2d(x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(torch.tensor(x), torch.tensor(weight), padding=padding).numpy()


def added_after_the_activation(x, weight1, weight2):
    """a shortcut that is added after the activation"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f, 0) + x


def added_twice(x, weight1, weight2):
    """a shortcut added twice"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f + 2 * x, 0)


def around_the_second_only(x, weight1, weight2):
    """a shortcut around the second convolution alone"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f + hidden, 0)


def averaged(x, weight1, weight2):
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum((f + x) / 2, 0)


def changes_x(x, weight1, weight2):
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    x += f
    return np.maximum(x, 0)


def joins_after_the_first(x, weight1, weight2):
    """a shortcut that joins after the first convolution"""
    hidden = np.maximum(_conv2d(x, weight1) + x, 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f, 0)


def multiplied(x, weight1, weight2):
    """a shortcut that is multiplied"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f * x, 0)


def no_last_relu(x, weight1, weight2):
    """a block without its last rectifier"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return f + x


def no_middle_relu(x, weight1, weight2):
    """a block without the rectifier between its convolutions"""
    hidden = _conv2d(x, weight1)
    f = _conv2d(hidden, weight2)
    return np.maximum(f + x, 0)


def no_relu(x, weight1, weight2):
    """a block without rectifiers"""
    hidden = _conv2d(x, weight1)
    f = _conv2d(hidden, weight2)
    return f + x


def no_shortcut(x, weight1, weight2):
    """a plain block: there is no shortcut"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f, 0)


def pre_activation(x, weight1, weight2):
    """a pre-activated block"""
    hidden = np.maximum(_conv2d(np.maximum(x, 0), weight1), 0)
    f = _conv2d(hidden, weight2)
    return f + x


def relu_before_the_sum(x, weight1, weight2):
    """a block with a rectifier on each convolution, before the sum"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = np.maximum(_conv2d(hidden, weight2), 0)
    return np.maximum(f + x, 0)


def subtracted(x, weight1, weight2):
    """a shortcut that is subtracted"""
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f - x, 0)


def weights_swapped(x, weight1, weight2):
    hidden = np.maximum(_conv2d(x, weight2), 0)
    f = _conv2d(hidden, weight1)
    return np.maximum(f + x, 0)
