"""A layer split wrongly; each docstring is what the student must be told."""

import torch
import torch.nn.functional as F


def _devices(x, weight, bias, devices, groups, padding):
    xs = [x] * devices if groups == 1 else x.chunk(devices, 1)
    return xs, weight.chunk(devices), bias.chunk(devices)


def data_parallel(x, weight, bias, devices, groups=1, padding=0):
    """the batch dealt out"""
    return torch.stack(
        [
            F.conv2d(part, weight, bias, padding=padding, groups=groups)
            for part in x.tensor_split(devices)
        ]
    )


def columns_exchanged(x, weight, bias, devices, groups=1, padding=0):
    parts = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack([F.conv2d(a, w, b, padding=padding) for a, w, b in zip(*parts)]).flip(0)


def parts_of_the_sum(x, weight, bias, devices, groups=1, padding=0):
    """the input channels dealt out"""
    if groups > 1:
        parts = _devices(x, weight, bias, devices, groups, padding)
        return torch.stack([F.conv2d(a, w, b, padding=padding) for a, w, b in zip(*parts)])
    out = []
    for d, (a, w) in enumerate(zip(x.tensor_split(devices, 1), weight.tensor_split(devices, 1))):
        out.append(F.conv2d(a, w, bias if d == 0 else None, padding=padding))
    return torch.stack(out)


def first_inputs(x, weight, bias, devices, groups=1, padding=0):
    """the first columns of the input on every device"""
    x = x[:, : weight.shape[1]]
    parts = _devices(x, weight, bias, devices, 1, padding)
    return torch.stack([F.conv2d(a, w, b, padding=padding) for a, w, b in zip(*parts)])


def in_turn(x, weight, bias, devices, groups=1, padding=0):
    """output channels dealt out in turn"""
    xs, _, _ = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack(
        [
            F.conv2d(a, weight[d::devices], bias[d::devices], padding=padding)
            for d, a in enumerate(xs)
        ]
    )


def kernels_in_turn(x, weight, bias, devices, groups=1, padding=0):
    """kernels dealt out in turn, the bias by parts"""
    xs, _, bs = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack(
        [
            F.conv2d(a, weight[d::devices], b, padding=padding)
            for d, (a, b) in enumerate(zip(xs, bs))
        ]
    )


def first_bias(x, weight, bias, devices, groups=1, padding=0):
    """the first part of the bias on every device"""
    xs, ws, bs = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack([F.conv2d(a, w, bs[0], padding=padding) for a, w in zip(xs, ws)])


def bias_once(x, weight, bias, devices, groups=1, padding=0):
    """the bias on the first device alone"""
    xs, ws, bs = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack(
        [
            F.conv2d(a, w, bs[d] if d == 0 else None, padding=padding)
            for d, (a, w) in enumerate(zip(xs, ws))
        ]
    )


def bias_shared(x, weight, bias, devices, groups=1, padding=0):
    """a bias that every device adds its share of"""
    parts = _devices(x, weight, bias / devices, devices, groups, padding)
    return torch.stack([F.conv2d(a, w, b, padding=padding) for a, w, b in zip(*parts)])


def bias_forgotten(x, weight, bias, devices, groups=1, padding=0):
    """no bias"""
    xs, ws, _ = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack([F.conv2d(a, w, padding=padding) for a, w in zip(xs, ws)])


def padding_forgotten(x, weight, bias, devices, groups=1, padding=0):
    parts = _devices(x, weight, bias, devices, groups, padding)
    return torch.stack([F.conv2d(a, w, b) for a, w, b in zip(*parts)])


def joined(x, weight, bias, devices, groups=1, padding=0):
    """the outputs joined again"""
    parts = _devices(x, weight, bias, devices, groups, padding)
    return torch.cat([F.conv2d(a, w, b, padding=padding) for a, w, b in zip(*parts)], 1)


def all_of_it(x, weight, bias, devices, groups=1, padding=0):
    """the whole layer on every device"""
    return torch.stack(
        [F.conv2d(x, weight, bias, padding=padding, groups=groups) for _ in range(devices)]
    )
