"""Wrong answers to `max_pool2d_backward`, as students give them."""

import numpy as np


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def _framed(x, padding):
    pH, pW = _pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)


def _cut(grad_x, padding):
    pH, pW = _pair(padding)
    return grad_x[:, :, pH : grad_x.shape[2] - pH, pW : grad_x.shape[3] - pW]


def all_of_the_tied(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient that goes to all of the tied"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def changes_x(grad_output, x, kernel_size, stride=None, padding=0):
    given, x = x, _framed(x, padding)
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
    given *= 0
    return _cut(grad_x, padding)


def every_pixel(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient that goes to every pixel of the window"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def last_of_the_tied(grad_output, x, kernel_size, stride=None, padding=0):
    """a tie that goes to the last maximum"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def last_window_only(grad_output, x, kernel_size, stride=None, padding=0):
    """a winner of two windows that keeps the last gradient alone"""
    x = _framed(x, padding)
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] = grad_output[n, c, i, j]
    return _cut(grad_x, padding)


def like_an_average(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient shared by all pixels of the window"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def mask_only(grad_output, x, kernel_size, stride=None, padding=0):
    """a mask of the winners, without grad_output"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def overwritten(grad_output, x, kernel_size, stride=None, padding=0):
    """each window writing over the ones before it"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def shared_among_the_tied(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient shared among the tied"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def stride_ignored(grad_output, x, kernel_size, stride=None, padding=0):
    """a stride that is ignored"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def stride_of_rows_for_columns(grad_output, x, kernel_size, stride=None, padding=0):
    """a stride whose first number is used for both axes"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def times_the_winner(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient multiplied by the value of the winner"""
    x = _framed(x, padding)
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    N, C, I, J = grad_output.shape
    for i in range(I):
        for j in range(J):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            window = x[:, :, rows, columns].reshape(N, C, -1)
            won = np.arange(kH * kW) == window.argmax(axis=2)[..., None]
            share = np.where(won, window, 0) * grad_output[:, :, i, j, None]
            grad_x[:, :, rows, columns] += share.reshape(N, C, kH, kW)
    return _cut(grad_x, padding)


def to_the_corner(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient that goes to the window's first pixel"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def to_the_smallest(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient that goes to the smallest value"""
    x = _framed(x, padding)
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
    return _cut(grad_x, padding)


def padded_with_zeros(grad_output, x, kernel_size, stride=None, padding=0):
    """a padding of zeros, which win where all pixels are negative"""
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] += grad_output[n, c, i, j]
    return _cut(grad_x, padding)


def cut_from_the_corner(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient cut out at the corner of the padded picture"""
    H, W = x.shape[2:]
    x = _framed(x, padding)
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] += grad_output[n, c, i, j]
    return grad_x[:, :, :H, :W]


def not_cut(grad_output, x, kernel_size, stride=None, padding=0):
    """a gradient of the padded picture"""
    x = _framed(x, padding)
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] += grad_output[n, c, i, j]
    return grad_x


def padded_behind(grad_output, x, kernel_size, stride=None, padding=0):
    """a padding behind the picture alone"""
    H, W = x.shape[2:]
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (0, 2 * pH), (0, 2 * pW)), constant_values=-np.inf)
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] += grad_output[n, c, i, j]
    return grad_x[:, :, :H, :W]
