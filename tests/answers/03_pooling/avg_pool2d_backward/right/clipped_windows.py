import numpy as np


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def avg_pool2d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    (kH, kW), (pH, pW) = pair(kernel_size), pair(padding)
    sH, sW = (kH, kW) if stride is None else pair(stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(grad_output.shape):
        top, left = i * sH - pH, j * sW - pW
        rows = range(max(top, 0), min(top + kH, x.shape[2]))
        columns = range(max(left, 0), min(left + kW, x.shape[3]))
        count = kH * kW if count_include_pad else len(rows) * len(columns)
        for a in rows:
            for b in columns:
                grad_x[n, c, a, b] += grad_output[n, c, i, j] / count
    return grad_x
