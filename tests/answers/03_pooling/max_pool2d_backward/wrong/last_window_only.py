import numpy as np

DIAGNOSIS = "a winner of two windows that keeps the last gradient alone"


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    kH, kW = pair(kernel_size)
    sH, sW = pair(kernel_size if stride is None else stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] = grad_output[n, c, i, j]
    return grad_x
