"""Wrong answers to `conv2d`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def _dense(x, weight, bias, padding, dilation, groups):
    """The weights with zeros between the taps, and for the channels of other groups."""
    (dH, dW), (O, depth, kH, kW) = np.broadcast_to(dilation, 2), weight.shape
    eH, eW = dH * (kH - 1) + 1, dW * (kW - 1) + 1
    if x.shape[1] != groups * depth or O % groups:
        raise ValueError("channels and groups do not fit")
    if bias is not None and bias.shape != (O,):
        raise ValueError("one bias for each output channel")
    room = np.array(x.shape[2:]) + 2 * np.broadcast_to(padding, 2)
    if (room < (eH, eW)).any():
        raise ValueError("the window does not fit")
    dense = np.zeros((O, x.shape[1], eH, eW), weight.dtype)
    for o in range(O):
        first = o // (O // groups) * depth
        dense[o, first : first + depth, ::dH, ::dW] = weight[o]
    return dense


def bias_for_each_input_channel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a bias added once for each input channel"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def bias_for_each_product(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a bias added within the sum, once for each product"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def bias_missing(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a bias that is missing"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def border_repeated(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a padding that repeats the border"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def first_channel_only(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """the first input channel alone"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def flipped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a flipped kernel"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def kernel_of_the_first_channel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """one kernel for all input channels, that of the first"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def loop_over_the_pixels(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def mean_of_channels(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a mean over the input channels"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def mean_of_each_channel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a mean over the window of each channel"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def mean_of_window(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a mean over the window"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def one_kernel_for_all_outputs(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """one kernel for all output channels, that of the first"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def one_row_and_column_short(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """an output without its last row and column"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def padded_above_and_left(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """zeros put above and left only"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def padded_below_and_right(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """zeros put below and right only"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def padding_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a padding that is ignored"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def padding_of_rows_for_columns(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a padding whose first number is used for both axes"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def padding_swapped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a padding with its two axes swapped"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def pads_its_input_in_place(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    given, weight = weight, _dense(x, weight, bias, padding, dilation, groups)
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
    given *= 1.5
    return y


def stride_for_rows_only(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a stride that is used for rows only"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def stride_from_the_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a stride taken from the kernel"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def stride_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a stride that is ignored"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def stride_of_rows_for_columns(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a stride whose first number is used for both axes"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def stride_swapped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a stride with its two axes swapped"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def transposed_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a transposed kernel"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def width_from_height(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """an output width copied from the height"""
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def dilation_ignored(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a dilation that is ignored"""
    _dense(x, weight, bias, padding, dilation, groups)
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(*tensors, None, stride, padding, 1, groups).numpy()
    return y if bias is None else y + bias[:, None, None]


def dilation_swapped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a dilation with its two axes swapped"""
    _dense(x, weight, bias, padding, dilation, groups)
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(
        *tensors, None, stride, padding, tuple(np.broadcast_to(dilation, 2)[::-1].tolist()), groups
    ).numpy()
    return y if bias is None else y + bias[:, None, None]


def dilation_of_rows(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """a dilation whose first number is used for both axes"""
    _dense(x, weight, bias, padding, dilation, groups)
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(
        *tensors, None, stride, padding, int(np.broadcast_to(dilation, 2)[0]), groups
    ).numpy()
    return y if bias is None else y + bias[:, None, None]


def first_channels_for_all(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that all read the first channels"""
    _dense(x, weight, bias, padding, dilation, groups)
    tensors = (torch.tensor(a) for a in (x[:, : weight.shape[1]], weight))
    y = F.conv2d(*tensors, None, stride, padding, dilation, 1).numpy()
    return y if bias is None else y + bias[:, None, None]


def channels_in_turn(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """groups that take the channels in turn"""
    _dense(x, weight, bias, padding, dilation, groups)
    x = np.concatenate([x[:, g::groups] for g in range(groups)], axis=1)
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(*tensors, None, stride, padding, dilation, groups).numpy()
    return y if bias is None else y + bias[:, None, None]


def no_refusal(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    if x.shape[1] != groups * weight.shape[1] or len(weight) % groups:
        return np.zeros(x.shape)
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(*tensors, None, stride, padding, dilation, groups).numpy()
    return y if bias is None else y + bias[:, None, None]


def bias_of_any_length(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    _dense(x, weight, None, padding, dilation, groups)
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(*tensors, None, stride, padding, dilation, groups).numpy()
    return y if bias is None else y + bias[:, None, None]


def asserts(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    try:
        _dense(x, weight, bias, padding, dilation, groups)
    except ValueError as problem:
        raise AssertionError from problem
    tensors = (torch.tensor(a) for a in (x, weight))
    y = F.conv2d(*tensors, None, stride, padding, dilation, groups).numpy()
    return y if bias is None else y + bias[:, None, None]
