import numpy as np

DIAGNOSIS = "a gradient shared by all pixels of the window"


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    kH, kW = pair(kernel_size)
    sH, sW = pair(kernel_size if stride is None else stride)
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
