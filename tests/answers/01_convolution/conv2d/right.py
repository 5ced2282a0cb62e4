"""Right answers to `conv2d`, as students give them."""

import numpy as np
import torch


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


def as_strided_in_float32(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    weight = _dense(x, weight, bias, padding, dilation, groups)
    sH, sW = (stride, stride) if np.isscalar(stride) else stride
    pH, pW = (padding, padding) if np.isscalar(padding) else padding
    N, C, H, W = x.shape
    kH, kW = weight.shape[2:]
    padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dtype=x.dtype)
    padded[:, :, pH : pH + H, pW : pW + W] = x
    n, c, h, w = padded.strides
    shape = (N, C, kH, kW, (H + 2 * pH - kH) // sH + 1, (W + 2 * pW - kW) // sW + 1)
    view = np.lib.stride_tricks.as_strided(padded, shape, (n, c, h, w, h * sH, w * sW))
    y = np.tensordot(weight, view, axes=([1, 2, 3], [1, 2, 3])).swapaxes(0, 1)
    if bias is None:
        return y
    return y + bias[:, np.newaxis, np.newaxis]


def fft(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    weight = _dense(x, weight, bias, padding, dilation, groups)
    sH, sW = np.broadcast_to(stride, 2)
    pH, pW = np.broadcast_to(padding, 2)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    size = x.shape[2:]
    spectrum = np.einsum("nchw,ochw->nohw", np.fft.rfft2(x), np.conj(np.fft.rfft2(weight, size)))
    y = np.fft.irfft2(spectrum, size)
    y = y[:, :, : size[0] - weight.shape[2] + 1 : sH, : size[1] - weight.shape[3] + 1 : sW]
    return y if bias is None else y + bias[:, None, None]


def im2col_and_matmul(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    weight = _dense(x, weight, bias, padding, dilation, groups)
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


def loop_over_the_kernel(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
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
        y += bias[:, None, None]
    return y


def torch_and_a_view(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    weight = _dense(x, weight, bias, padding, dilation, groups)
    bias = None if bias is None else torch.from_numpy(bias)
    x, weight = torch.from_numpy(x), torch.from_numpy(weight)
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding).numpy()


def windows_and_einsum(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    weight = _dense(x, weight, bias, padding, dilation, groups)
    sH, sW = (stride, stride) if isinstance(stride, int) else stride
    pH, pW = (padding, padding) if isinstance(padding, int) else padding
    x = np.pad(x, [(0, 0), (0, 0), (pH, pH), (pW, pW)])
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (2, 3))
    y = np.einsum("ncijuv,ocuv->noij", windows[:, :, ::sH, ::sW], weight)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


def reshaped_into_groups(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (pH, pW), (dH, dW) = (np.broadcast_to(v, 2) for v in (stride, padding, dilation))
    O, depth, kH, kW = weight.shape
    if x.shape[1] != groups * depth or O % groups or (bias is not None and len(bias) != O):
        raise ValueError("shapes do not fit")
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    windows = np.lib.stride_tricks.sliding_window_view(
        x, (dH * (kH - 1) + 1, dW * (kW - 1) + 1), axis=(2, 3)
    )[:, :, ::sH, ::sW, ::dH, ::dW]
    N, _, H, W = windows.shape[:4]
    windows = windows.reshape(N, groups, depth, H, W, kH, kW)
    kernels = weight.reshape(groups, O // groups, depth, kH, kW)
    y = np.einsum("ngcijuv,gocuv->ngoij", windows, kernels).reshape(N, O, H, W)
    return y if bias is None else y + bias[:, None, None]


def group_by_group(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    sH, sW = (stride,) * 2 if isinstance(stride, int) else stride
    pH, pW = (padding,) * 2 if isinstance(padding, int) else padding
    dH, dW = (dilation,) * 2 if isinstance(dilation, int) else dilation
    (N, C), (O, depth, kH, kW) = x.shape[:2], weight.shape
    if depth * groups != C:
        raise ValueError(f"weight has {depth} channels, x {C} in {groups} groups")
    if O % groups != 0:
        raise ValueError(f"{O} kernels are not {groups} equal groups")
    if bias is not None and bias.shape != (O,):
        raise ValueError(f"bias has shape {bias.shape}, not ({O},)")
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - dH * (kH - 1) - 1) // sH + 1, (x.shape[3] - dW * (kW - 1) - 1) // sW + 1
    if H < 1 or W < 1:
        raise ValueError("the kernel does not fit")
    parts = []
    for images, kernels in zip(np.split(x, groups, 1), np.split(weight, groups), strict=True):
        y = 0
        for u in range(kH):
            for v in range(kW):
                rows = slice(u * dH, u * dH + sH * (H - 1) + 1, sH)
                columns = slice(v * dW, v * dW + sW * (W - 1) + 1, sW)
                y = y + np.einsum("ncij,oc->noij", images[:, :, rows, columns], kernels[:, :, u, v])
        parts.append(y)
    y = np.concatenate(parts, axis=1)
    return y if bias is None else y + bias[:, None, None]
