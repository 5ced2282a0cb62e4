"""Wrong answers to `max_pool2d_backward`, as students give them."""

import numpy as np


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def all_of_the_tied(grad_output, x, kernel_size, stride=None):
    """a gradient that goes to all of the tied"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = window == window.max(axis=2, keepdims=True)
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def changes_x(grad_output, x, kernel_size, stride=None):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    x *= 0
    return grad_x


def every_pixel(grad_output, x, kernel_size, stride=None):
    """a gradient that goes to every pixel of the window"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.ones_like(window)
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def last_of_the_tied(grad_output, x, kernel_size, stride=None):
    """a tie that goes to the last maximum"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            last = kH * kW - 1 - window[..., ::-1].argmax(axis=2)
            won = np.arange(kH * kW) == last[..., None]
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def last_window_only(grad_output, x, kernel_size, stride=None):
    """a winner of two windows that keeps the last gradient alone"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] = grad_output[n, c, i, j]
    return grad_x


def like_an_average(grad_output, x, kernel_size, stride=None):
    """a gradient shared by all pixels of the window"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.ones_like(window) / (kH * kW)
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def mask_only(grad_output, x, kernel_size, stride=None):
    """a mask of the winners, without grad_output"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = won * 1.0
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def overwritten(grad_output, x, kernel_size, stride=None):
    """each window writing over the ones before it"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] = share.reshape(N, C, kH, kW)
    return grad_x


def shared_among_the_tied(grad_output, x, kernel_size, stride=None):
    """a gradient shared among the tied"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = window == window.max(axis=2, keepdims=True)
            won = won / won.sum(axis=2, keepdims=True)
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def stride_ignored(grad_output, x, kernel_size, stride=None):
    """a stride that is ignored"""
    kH, kW = _pair(kernel_size)
    sH = sW = 1
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def stride_of_rows_for_columns(grad_output, x, kernel_size, stride=None):
    """a stride whose first number is used for both axes"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    sW = sH
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def times_the_winner(grad_output, x, kernel_size, stride=None):
    """a gradient multiplied by the value of the winner"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = won * window * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def to_the_corner(grad_output, x, kernel_size, stride=None):
    """a gradient that goes to the window's first pixel"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == np.zeros((N, C, 1))
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x


def to_the_smallest(grad_output, x, kernel_size, stride=None):
    """a gradient that goes to the smallest value"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmin(axis=2)[..., None]
            share = won * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return grad_x
