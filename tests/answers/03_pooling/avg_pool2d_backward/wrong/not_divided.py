import numpy as np

DIAGNOSIS = "a gradient that is not divided"


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def avg_pool2d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    kH, kW = pair(kernel_size)
    sH, sW = pair(kernel_size if stride is None else stride)
    pH, pW = pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None]
    return grad_x[:, :, pH : pH + H, pW : pW + W]
