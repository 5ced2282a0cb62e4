"""Wrong answers to `occlusion_map`, as students give them."""

import numpy as np


def area(drops, input_size, size, stride):
    """a mean over the pixels of a square"""
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total / size**2


def as_large_as_stride(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + stride, left : left + stride] += drops[i, j]
            count[top : top + stride, left : left + stride] += 1
    return total / np.maximum(count, 1)


def corner(drops, input_size, size, stride):
    """the drop in the corner of its square alone"""
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + 1, left : left + 1] += drops[i, j]
            count[top : top + 1, left : left + 1] += 1
    return total / np.maximum(count, 1)


def largest(drops, input_size, size, stride):
    """the largest drop over the squares"""
    y = np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            window = y[stride * i : stride * i + size, stride * j : stride * j + size]
            np.maximum(window, drops[i, j], out=window)
    return y


def last(drops, input_size, size, stride):
    """the last square's drop"""
    y = np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            y[stride * i : stride * i + size, stride * j : stride * j + size] = drops[i, j]
    return y


def matrices_without_counts(drops, input_size, size, stride):
    """a sum over the squares, not their mean"""
    axes = []
    for length, places in zip(input_size, drops.shape):
        offset = np.arange(length)[:, None] - stride * np.arange(places)
        axes.append(((offset >= 0) & (offset < size)).astype(float))
    return axes[0] @ drops @ axes[1].T


def nothing_covered_is_nan(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total / count


def one_pixel_steps(drops, input_size, size, stride):
    """squares that move by one pixel"""
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = i, j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total / np.maximum(count, 1)


def own_size(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = size * i, size * j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total / np.maximum(count, 1)


def sum_(drops, input_size, size, stride):
    """a sum over the squares, not their mean"""
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total
