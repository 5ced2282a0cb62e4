"""Right answers to `audit`, as students give them."""

import math

import numpy as np
import torch
from torch import nn


def helper(rows):
    def count(c, o, k, size):
        if isinstance(k, int):
            k = (k, k)
        return math.prod((c, o, *k, *size))

    counts = [count(*row[1:5]) for row in rows]
    return [row[5] - right for row, right in zip(rows, counts)], sum(counts)


def loop(rows):
    errors, total = [], 0
    for _, c, o, kernel_size, (h, w), claimed in rows:
        k_h, k_w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        counted = c * o * k_h * k_w * h * w
        total += counted
        errors.append(claimed - counted)
    return errors, total


def meta_layers(rows):
    errors, total = [], 0
    for _, c, o, k, size, claimed in rows:
        with torch.device("meta"):
            weight = nn.Conv2d(c, o, k, bias=False).weight
        counted = weight.numel() * size[0] * size[1]
        total = total + counted
        errors += [claimed - counted]
    return errors, total


def with_numpy(rows):
    right = [
        int(c * o * np.prod(np.broadcast_to(k, 2)) * np.prod(size)) for _, c, o, k, size, _ in rows
    ]
    return [row[-1] - count for row, count in zip(rows, right)], sum(right)
