"""Wrong answers to `project`, as students give them."""

import torch
import torch.nn.functional as F


def convolved(signal, before, indices, weight):
    """kernels flipped once more"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv2d(rectified, weight.transpose(0, 1), padding=padding)


def derivative(signal, before, indices, weight):
    """the derivative: a mask of what was positive forwards"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled * (before > 0)
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)


def flipped(signal, before, indices, weight):
    """kernels flipped once more"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight.flip(2, 3), padding=padding)


def guided(signal, before, indices, weight):
    """the guided rule: both masks"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu() * (before > 0)
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)


def masked_forwards(signal, before, indices, weight):
    """the derivative: a mask of what was positive forwards"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = torch.where(before > 0, unpooled, torch.zeros_like(unpooled))
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)


def not_padded(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight)


def not_rectified(signal, before, indices, weight):
    """no rectifier on the way back"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)


def rectified_last(signal, before, indices, weight):
    """a rectifier behind the filters in place of before them"""
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding).relu()


def rectified_twice(signal, before, indices, weight):
    size = before.shape[2:]
    unpooled = F.max_unpool2d(signal, indices, 2, output_size=size)
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding).relu()


def spread(signal, before, indices, weight):
    """values spread over their windows"""
    size = before.shape[2:]
    unpooled = F.interpolate(signal, size=size, mode="nearest")
    rectified = unpooled.relu()
    padding = [k // 2 for k in weight.shape[2:]]
    return F.conv_transpose2d(rectified, weight, padding=padding)
