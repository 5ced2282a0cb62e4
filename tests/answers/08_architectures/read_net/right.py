"""Right answers to `read_net`, as students give them."""

import numpy as np
import torch
from torch import nn


def formulas(layers, input_shape):
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found.append((shape, parameters))
    return found


def lists(layers, input_shape):
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        parameters = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            parameters = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            parameters = sizes[0] * (inputs + 1)
            shape = (sizes[0],)
        found += [[tuple(shape), parameters]]
    return found


def meta(layers, input_shape):
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for kind, *sizes in layers:
        if kind == "conv":
            layer = nn.Conv2d(x.shape[1], *sizes, device="meta")
        elif kind == "max_pool":
            layer = nn.MaxPool2d(*sizes)
        elif kind == "global_mean":
            layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        else:
            x = x.flatten(1)
            layer = nn.Linear(x.shape[1], *sizes, device="meta")
        x = layer(x)
        found.append((tuple(x.shape[1:]), sum(p.numel() for p in layer.parameters())))
    return found


def real_arrays(layers, input_shape):
    x, found = np.zeros(input_shape), []
    for layer in layers:
        count = 0
        match layer:
            case ("conv", o, k, s, p):
                count = np.zeros((o, len(x), k, k)).size + o
                h, w = ((n + 2 * p - k) // s + 1 for n in x.shape[1:])
                x = np.zeros((o, h, w))
            case ("max_pool", k, s):
                h, w = ((n - k) // s + 1 for n in x.shape[1:])
                x = x[:, :h, :w]
            case ("global_mean",):
                x = x.mean((1, 2))
            case ("linear", o):
                count = o * x.size + o
                x = np.zeros(o)
        found.append((x.shape, count))
    return found
