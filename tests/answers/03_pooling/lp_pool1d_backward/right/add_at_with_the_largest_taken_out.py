import numpy as np


def lp_pool1d_backward(grad_output, x, norm_type, kernel_size, stride=None):
    s = stride or kernel_size
    place = s * np.arange(grad_output.shape[2])[:, None] + np.arange(kernel_size)
    windows = x[:, :, place]
    largest = np.maximum(abs(windows).max(axis=3, keepdims=True), 1e-30)
    size = abs(windows) / largest
    y = np.maximum((size**norm_type).sum(axis=3, keepdims=True) ** (1 / norm_type), 1e-30)
    share = grad_output[..., None] * np.sign(windows) * (size / y) ** (norm_type - 1)
    grad_x = np.zeros_like(x)
    for n, c in np.ndindex(*x.shape[:2]):
        np.add.at(grad_x[n, c], place, share[n, c])
    return grad_x
