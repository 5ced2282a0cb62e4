import numpy as np


def lp_pool1d_backward(grad_output, x, norm_type, kernel_size, stride=None):
    s = stride or kernel_size
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=2)[:, :, ::s]
    y = np.linalg.norm(windows, norm_type, axis=3, keepdims=True)
    ratio = abs(windows) / np.where(y == 0, 1, y)
    share = grad_output[..., None] * np.sign(windows) * ratio ** (norm_type - 1) * (y > 0)
    grad_x = np.zeros(x.shape)
    for q in range(kernel_size):
        grad_x[:, :, q : q + s * (share.shape[2] - 1) + 1 : s] += share[..., q]
    return grad_x
