"""Right answers to `occlusion_map`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def as_matrices(drops, input_size, size, stride):
    axes = []
    for length, places in zip(input_size, drops.shape):
        offset = np.arange(length)[:, None] - stride * np.arange(places)
        axes.append(((offset >= 0) & (offset < size)).astype(float))
    rows, columns = axes
    total = rows @ drops @ columns.T
    count = rows @ np.ones_like(drops) @ columns.T
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0)


def loops(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total / np.maximum(count, 1)


def pixel_by_pixel(drops, input_size, size, stride):
    y = np.zeros(input_size)
    for row in range(input_size[0]):
        for column in range(input_size[1]):
            covering = [
                drops[i, j]
                for i in range(drops.shape[0])
                for j in range(drops.shape[1])
                if 0 <= row - stride * i < size and 0 <= column - stride * j < size
            ]
            if covering:
                y[row, column] = sum(covering) / len(covering)
    return y


def torch_fold(drops, input_size, size, stride):
    t = torch.tensor(drops, dtype=torch.float64)[None, None]
    kernel = torch.ones(1, 1, size, size).double()
    rest = [(n - size) % stride for n in input_size]
    total = F.conv_transpose2d(t, kernel, stride=stride)
    count = F.conv_transpose2d(torch.ones_like(t), kernel, stride=stride)
    y = np.zeros(input_size)
    y[: input_size[0] - rest[0], : input_size[1] - rest[1]] = (total / count.clamp(min=1)).numpy()
    return y
