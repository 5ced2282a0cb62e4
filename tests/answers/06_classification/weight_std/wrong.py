"""Wrong answers to `weight_std`, as students give them."""

import math

import numpy as np


def all_weights(shape, method):
    """the number of all weights in place of the fans"""
    return math.sqrt(2 / math.prod(shape))


def always_kaiming(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / fan_in)


def always_xavier(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / (fan_in + fan_out))
    return np.sqrt(2 / (fan_in + fan_out))


def bounds(shape, method):
    """the bounds of uniform distributions"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(6 / fan_in)
    return np.sqrt(6 / (fan_in + fan_out))


def exchanged(shape, method):
    """the methods in each other's place"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "xavier":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


def fan_out(shape, method):
    """the fan-out in place of the fan-in"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_out)
    return np.sqrt(2 / (fan_in + fan_out))


def gain_of_tanh(shape, method):
    """Kaiming's for tanh"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return 5 / 3 / np.sqrt(fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


def kernel_in_fan_in_only(shape, method):
    """a Xavier with a kernel in its fan-in alone"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0]
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


def no_kernel(shape, method):
    """a kernel of one pixel"""
    taps = 1
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


def no_two_in_kaiming(shape, method):
    """Kaiming's without the 2"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(1 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


def variance(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return 2 / fan_in
    return 2 / (fan_in + fan_out)


def xavier_bound(shape, method):
    """Xavier's bound"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(6 / (fan_in + fan_out))


def xavier_fan_in(shape, method):
    """Xavier's with the fan-in alone"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(1 / fan_in)


def xavier_without_two(shape, method):
    """Xavier's without the 2"""
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(1 / (fan_in + fan_out))
