import numpy as np


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    kH, kW = pair(kernel_size)
    sH, sW = (kH, kW) if stride is None else pair(stride)
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_output.shape):
        best, place = -np.inf, None
        for p in range(kH):
            for q in range(kW):
                value = x[n, c, i * sH + p, j * sW + q]
                if value > best:
                    best, place = value, (i * sH + p, j * sW + q)
        grad_x[n, c][place] += grad_output[n, c, i, j]
    return grad_x
