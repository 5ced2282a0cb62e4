"""Right answers to `lp_pool1d`, as students give them."""

import numpy as np
import scipy.special
import torch


def _windows(x, kernel_size, stride):
    every = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=2)
    return every[:, :, :: kernel_size if stride is None else stride]


def by_the_largest(x, norm_type, kernel_size, stride=None):
    sizes = abs(_windows(x, kernel_size, stride))
    largest = sizes.max(axis=-1)
    safe = np.where(largest > 0, largest, 1)
    return largest * ((sizes / safe[..., None]) ** norm_type).sum(axis=-1) ** (1 / norm_type)


def loops(x, norm_type, kernel_size, stride=None):
    stride = stride or kernel_size
    N, C, L = x.shape
    y = np.zeros((N, C, (L - kernel_size) // stride + 1))
    for n, c, i in np.ndindex(*y.shape):
        window = [abs(v) for v in x[n, c, i * stride : i * stride + kernel_size]]
        largest = max(window)
        if largest > 0:
            y[n, c, i] = largest * sum((v / largest) ** norm_type for v in window) ** (
                1 / norm_type
            )
    return y


def logarithms(x, norm_type, kernel_size, stride=None):
    with np.errstate(divide="ignore"):
        logs = np.log(abs(_windows(x.astype("float64"), kernel_size, stride)))
    return np.exp(scipy.special.logsumexp(norm_type * logs, axis=-1) / norm_type)


def numpy_norm_of_the_scaled(x, norm_type, kernel_size, stride=None):
    windows = _windows(x, kernel_size, stride)
    largest = np.abs(windows).max(axis=3, keepdims=True)
    scaled = np.divide(windows, largest, out=np.zeros(windows.shape), where=largest != 0)
    return np.linalg.norm(scaled, norm_type, axis=3) * largest[..., 0]


def torch_norm_of_the_scaled(x, norm_type, kernel_size, stride=None):
    windows = torch.tensor(x).unfold(2, kernel_size, stride or kernel_size)
    largest = windows.abs().amax(-1, keepdim=True).clamp_min(1e-30)
    return (torch.linalg.vector_norm(windows / largest, norm_type, -1) * largest[..., 0]).numpy()


def one_scale_for_each_row_of_windows(x, norm_type, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    columns = []
    for start in range(0, x.shape[2] - kernel_size + 1, stride):
        part = np.abs(x[:, :, start : start + kernel_size])
        m = part.max(axis=2)
        m = m + (m == 0)
        columns.append(
            m * np.power((part / m[:, :, None]) ** norm_type @ np.ones(kernel_size), 1 / norm_type)
        )
    return np.stack(columns, axis=2)
