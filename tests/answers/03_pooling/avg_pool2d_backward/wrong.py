"""Wrong answers to `avg_pool2d_backward`, as students give them."""

import numpy as np


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def always_nine(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a window that always has nine pixels"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / 9
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def always_the_full_window(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    """a division by the full window, padding or not"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def changes_grad_output(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    grad_output *= 2
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def divided_by_the_height(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    """a division by the height of the window alone"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def divided_by_the_sum(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a division by kH + kW"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH + kW
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def divided_by_the_width(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    """a division by the width of the window alone"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kW
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def divided_twice(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a gradient divided twice"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = (kH * kW) ** 2
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def multiplied(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a gradient multiplied by the window's size"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = 1 / (kH * kW)
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def never_the_padding(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a division by the pixels of the picture alone, whatever was asked for"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def not_divided(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a gradient that is not divided"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None]
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def option_upside_down(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """the two meanings of count_include_pad swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if not count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def times_the_pixels(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a gradient times the pixels"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W] * x
