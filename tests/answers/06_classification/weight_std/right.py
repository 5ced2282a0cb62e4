"""Right answers to `weight_std`, as students give them."""

import math

import numpy as np
import torch


def formulas(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))


def library(shape, method):
    weight = torch.empty(*shape)
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(weight)
    gain = torch.nn.init.calculate_gain("relu" if method == "kaiming" else "linear")
    fan = fan_in if method == "kaiming" else (fan_in + fan_out) / 2
    return gain / math.sqrt(fan)


def loop(shape, method):
    reads, reaches = shape[1], shape[0]
    for k in shape[2:]:
        reads *= k
        reaches *= k
    return {"kaiming": 2 / reads, "xavier": 2 / (reads + reaches)}[method] ** 0.5


def math_prod(shape, method):
    outputs, inputs, *kernel = shape
    taps = math.prod(kernel)
    fans = inputs * taps if method == "kaiming" else (inputs + outputs) * taps
    return math.sqrt(2 / fans)
