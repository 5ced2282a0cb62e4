"""Wrong answers to `conv2d`, as students give them."""

import numpy as np


def bias_for_each_input_channel(x, weight, bias=None, stride=1, padding=0):
    """a bias added once for each input channel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += x.shape[1] * bias[:, None, None]
    return y


def bias_for_each_product(x, weight, bias=None, stride=1, padding=0):
    """a bias added within the sum, once for each product"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += weight[0].size * bias[:, None, None]
    return y


def bias_missing(x, weight, bias=None, stride=1, padding=0):
    """a bias that is missing"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    return y


def border_repeated(x, weight, bias=None, stride=1, padding=0):
    """a padding that repeats the border"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), mode="edge")
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def first_channel_only(x, weight, bias=None, stride=1, padding=0):
    """the first input channel alone"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    x, weight = x[:, :1], weight[:, :1]
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def flipped(x, weight, bias=None, stride=1, padding=0):
    """a flipped kernel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, kH - 1 - u, kW - 1 - v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def kernel_of_the_first_channel(x, weight, bias=None, stride=1, padding=0):
    """one kernel for all input channels, that of the first"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, np.repeat(weight[:, :1, u, v], x.shape[1], 1))
    if bias is not None:
        y += bias[:, None, None]
    return y


def loop_over_the_pixels(x, weight, bias=None, stride=1, padding=0):
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for i in range(H):
        for j in range(W):
            patch = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = np.einsum("ncuv,ocuv->no", patch, weight)
    return y if bias is None else y + bias[:, None, None]


def mean_of_channels(x, weight, bias=None, stride=1, padding=0):
    """a mean over the input channels"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    y /= x.shape[1]
    if bias is not None:
        y += bias[:, None, None]
    return y


def mean_of_each_channel(x, weight, bias=None, stride=1, padding=0):
    """a mean over the window of each channel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    y /= kH * kW
    if bias is not None:
        y += bias[:, None, None]
    return y


def mean_of_window(x, weight, bias=None, stride=1, padding=0):
    """a mean over the window"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    y /= weight[0].size
    if bias is not None:
        y += bias[:, None, None]
    return y


def one_kernel_for_all_outputs(x, weight, bias=None, stride=1, padding=0):
    """one kernel for all output channels, that of the first"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, np.repeat(weight[:1, :, u, v], len(weight), 0))
    if bias is not None:
        y += bias[:, None, None]
    return y


def one_row_and_column_short(x, weight, bias=None, stride=1, padding=0):
    """an output without its last row and column"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH
    W = (x.shape[3] - kW) // sW
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def padded_above_and_left(x, weight, bias=None, stride=1, padding=0):
    """zeros put above and left only"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, 0), (pW, 0)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def padded_below_and_right(x, weight, bias=None, stride=1, padding=0):
    """zeros put below and right only"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (0, pH), (0, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def padding_ignored(x, weight, bias=None, stride=1, padding=0):
    """a padding that is ignored"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    pH = pW = 0
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def padding_of_rows_for_columns(x, weight, bias=None, stride=1, padding=0):
    """a padding whose first number is used for both axes"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    pW = pH
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def padding_swapped(x, weight, bias=None, stride=1, padding=0):
    """a padding with its two axes swapped"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pW, pH = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def pads_its_input_in_place(x, weight, bias=None, stride=1, padding=0):
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    weight *= 1.5
    return y


def stride_for_rows_only(x, weight, bias=None, stride=1, padding=0):
    """a stride that is used for rows only"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sW = 1
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def stride_from_the_kernel(x, weight, bias=None, stride=1, padding=0):
    """a stride taken from the kernel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sH, sW = kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def stride_ignored(x, weight, bias=None, stride=1, padding=0):
    """a stride that is ignored"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sH = sW = 1
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def stride_of_rows_for_columns(x, weight, bias=None, stride=1, padding=0):
    """a stride whose first number is used for both axes"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sW = sH
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def stride_swapped(x, weight, bias=None, stride=1, padding=0):
    """a stride with its two axes swapped"""
    sW, sH = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def transposed_kernel(x, weight, bias=None, stride=1, padding=0):
    """a transposed kernel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    weight = weight.swapaxes(2, 3)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y


def width_from_height(x, weight, bias=None, stride=1, padding=0):
    """an output width copied from the height"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H = (x.shape[2] - kH) // sH + 1
    W = (x.shape[3] - kW) // sW + 1
    W = H
    y = np.zeros((len(x), len(weight), H, W))
    for u in range(kH):
        for v in range(kW):
            part = x[:, :, u : u + sH * (H - 1) + 1 : sH, v : v + sW * (W - 1) + 1 : sW]
            y += np.einsum("ncij,oc->noij", part, weight[:, :, u, v])
    if bias is not None:
        y += bias[:, None, None]
    return y
