import numpy as np


def lp_pool1d_backward(grad_output, x, norm_type, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    grad_x = np.zeros_like(x)
    for n, c, i in np.ndindex(*grad_output.shape):
        part = slice(i * stride, i * stride + kernel_size)
        w = x[n, c, part]
        y = np.sum(abs(w) ** norm_type) ** (1 / norm_type)
        if y > 0:
            slope = np.sign(w) * abs(w) ** (norm_type - 1) / y ** (norm_type - 1)
            grad_x[n, c, part] += grad_output[n, c, i] * slope
    return grad_x
