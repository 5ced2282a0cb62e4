"""Right answers to `project`, as students give them."""

import torch
import torch.nn.functional as F


def convolution_with_turned_kernels(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    turned = weight.flip(2, 3).transpose(0, 1)
    return F.conv2d(rectified, turned, padding=padding)


def library(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)


def rectified_before_unpooling(signal, before, indices, weight):
    signal = torch.clamp(signal, min=0)
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=list(before.shape[2:]))
    k_h, k_w = weight.shape[2:]
    return F.conv_transpose2d(unpooled, weight, padding=(k_h // 2, k_w // 2))


def scatter(signal, before, indices, weight):
    size = before.shape[2:]
    n, c = signal.shape[:2]
    flat = torch.zeros(n, c, size[0] * size[1]).to(signal)
    flat = flat.scatter(2, indices.reshape(n, c, -1), signal.reshape(n, c, -1))
    unpooled = flat.reshape(n, c, *size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)
