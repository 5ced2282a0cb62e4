"""Wrong answers to `lp_pool1d`, as students give them."""

import numpy as np


def straight(x, norm_type, kernel_size, stride=None):
    """powers that overflow, or vanish"""
    s = stride or kernel_size
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    with np.errstate(all="ignore"):
        for i in range(y.shape[2]):
            w = abs(x[:, :, i * s : i * s + kernel_size])
            y[:, :, i] = (w**norm_type).sum(axis=2) ** (1 / norm_type)
    return y


def no_sizes(x, norm_type, kernel_size, stride=None):
    """powers of the values in place of their sizes"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * abs(((w / m) ** norm_type).sum()) ** (1 / norm_type)
    return y


def no_root(x, norm_type, kernel_size, stride=None):
    """a sum of powers without the root"""
    s = stride or kernel_size
    with np.errstate(all="ignore"):
        powers = abs(x) ** norm_type
    ends = range(kernel_size, x.shape[2] + 1, s)
    return np.stack([powers[:, :, end - kernel_size : end].sum(axis=2) for end in ends], axis=2)


def square_root(x, norm_type, kernel_size, stride=None):
    """a square root, whatever p is"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * np.sqrt(((sizes / m) ** norm_type).sum())
    return y


def mean_of_powers(x, norm_type, kernel_size, stride=None):
    """a mean in place of the sum"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * ((sizes / m) ** norm_type).mean() ** (1 / norm_type)
    return y


def divided_by_the_window(x, norm_type, kernel_size, stride=None):
    """a norm divided by the length of the window"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * ((sizes / m) ** norm_type).sum() ** (1 / norm_type) / kernel_size
    return y


def not_multiplied_back(x, norm_type, kernel_size, stride=None):
    """a norm that is not multiplied by the largest again"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = ((sizes / m) ** norm_type).sum() ** (1 / norm_type)
    return y


def only_the_largest(x, norm_type, kernel_size, stride=None):
    """the largest size, for every p"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m
    return y


def always_euclidean(x, norm_type, kernel_size, stride=None):
    """the Euclidean norm, whatever p is"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = np.sqrt((w**2).sum())
    return y


def sum_of_sizes(x, norm_type, kernel_size, stride=None):
    """the sum of the sizes, whatever p is"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = sizes.sum()
    return y


def default_stride_one(x, norm_type, kernel_size, stride=None):
    """a stride of 1 where none is given"""
    s = 1 if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * ((sizes / m) ** norm_type).sum() ** (1 / norm_type)
    return y


def stride_from_the_kernel(x, norm_type, kernel_size, stride=None):
    """a stride taken from the kernel"""
    s = kernel_size
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * ((sizes / m) ** norm_type).sum() ** (1 / norm_type)
    return y


def one_window_short(x, norm_type, kernel_size, stride=None):
    """one window too few"""
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if m > 0:
            y[n, c, i] = m * ((sizes / m) ** norm_type).sum() ** (1 / norm_type)
    return y


def zeros_to_nan(x, norm_type, kernel_size, stride=None):
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = sizes.max()
        if True:
            y[n, c, i] = (
                m * ((sizes / m) ** norm_type).sum() ** (1 / norm_type) if m > 0 else np.nan
            )
    return y


def largest_without_its_sign(x, norm_type, kernel_size, stride=None):
    s = kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + kernel_size]
        sizes = abs(w)
        m = w.max()
        if m != 0:
            y[n, c, i] = (
                m * ((sizes / abs(m)) ** norm_type).sum() ** (1 / norm_type)
                if norm_type < 90
                else abs(m)
            )
    return y
