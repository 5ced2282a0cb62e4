import numpy as np


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if isinstance(stride, int):
        stride = (stride, stride)
    if isinstance(padding, int):
        padding = (padding, padding)
    N, C, _, _ = x.shape
    O, _, kH, kW = weight.shape
    x = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    H, W = (x.shape[2] - kH) // stride[0] + 1, (x.shape[3] - kW) // stride[1] + 1
    rows = np.arange(kH)[:, None, None, None] + stride[0] * np.arange(H)[:, None]
    columns = np.arange(kW)[:, None, None] + stride[1] * np.arange(W)
    patches = x[:, :, rows, columns].reshape(N, C * kH * kW, H * W)
    y = (weight.reshape(O, -1) @ patches).reshape(N, O, H, W)
    if bias is not None:
        y = y + bias[None, :, None, None]
    return y
