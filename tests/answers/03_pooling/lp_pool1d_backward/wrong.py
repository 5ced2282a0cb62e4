"""Wrong answers to `lp_pool1d_backward`, as students give them."""

import numpy as np


def always_euclidean(grad_output, x, norm_type, kernel_size, stride=None):
    """the slope of the Euclidean norm, whatever p is"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = w / y
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def changes_x(grad_output, x, norm_type, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    x += 1
    return grad_x


def divided_by_p(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope divided by p"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = 1 / norm_type * np.sign(w) * abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def divided_by_y(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope divided by y instead of y ** (p - 1)"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * abs(w) ** (norm_type - 1) / y
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def factor_p(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope with a factor p"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = norm_type * np.sign(w) * abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def no_grad_output(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope without grad_output"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += slope
    return grad_x


def no_root(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope without the root's derivative: p |x| ** (p - 1)"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = norm_type * np.sign(w) * abs(w) ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def no_sign(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope without the sign of x"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def not_divided(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope that is not divided by the norm"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * abs(w) ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def overwritten(grad_output, x, norm_type, kernel_size, stride=None):
    """each window writing over the ones before it"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] = grad_output[n, c, i] * slope
    return grad_x


def power_p(grad_output, x, norm_type, kernel_size, stride=None):
    """a slope with the power p instead of p - 1"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * (abs(w) / y) ** norm_type
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x


def slides(grad_output, x, norm_type, kernel_size, stride=None):
    """the slides' formula, x to the power p - 1"""
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = w ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x
