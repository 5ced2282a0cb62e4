"""Wrong answers to `conv2d_torch`, as students give them."""

import torch


def bias_for_each_input_channel(x, weight, bias=None, stride=1, padding=0):
    """a bias added once for each input channel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + x.shape[1] * bias[:, None, None]
    return y


def bias_missing(x, weight, bias=None, stride=1, padding=0):
    """a bias that is missing"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    return y


def bias_subtracted(x, weight, bias=None, stride=1, padding=0):
    """a bias that is subtracted"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y - bias[:, None, None]
    return y


def calls_the_library(x, weight, bias=None, stride=1, padding=0):
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding)


def first_channel_only(x, weight, bias=None, stride=1, padding=0):
    """the first input channel alone"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    x, weight = x[:, :1], weight[:, :1]
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def flipped(x, weight, bias=None, stride=1, padding=0):
    """a flipped kernel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight.flip(2, 3))
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def last_channel_only(x, weight, bias=None, stride=1, padding=0):
    """the last input channel alone"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    x, weight = x[:, -1:], weight[:, -1:]
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def mean_of_channels(x, weight, bias=None, stride=1, padding=0):
    """a mean over the input channels"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    y = y / x.shape[1]
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def mean_of_window(x, weight, bias=None, stride=1, padding=0):
    """a mean over the window"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    y = y / weight[0].numel()
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def one_kernel_for_all_outputs(x, weight, bias=None, stride=1, padding=0):
    """one kernel for all output channels, that of the first"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight[:1].expand_as(weight))
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def padded_above_and_left(x, weight, bias=None, stride=1, padding=0):
    """zeros put above and left only"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, 0, pH, 0))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def padded_below_and_right(x, weight, bias=None, stride=1, padding=0):
    """zeros put below and right only"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (0, pW, 0, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def padding_ignored(x, weight, bias=None, stride=1, padding=0):
    """a padding that is ignored"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    pH = pW = 0
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def padding_swapped(x, weight, bias=None, stride=1, padding=0):
    """a padding with its two axes swapped"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pH, pH, pW, pW))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def stride_for_rows_only(x, weight, bias=None, stride=1, padding=0):
    """a stride that is used for rows only"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sW = 1
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def stride_from_the_kernel(x, weight, bias=None, stride=1, padding=0):
    """a stride taken from the kernel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sH, sW = kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def stride_ignored(x, weight, bias=None, stride=1, padding=0):
    """a stride that is ignored"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    sH = sW = 1
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def stride_swapped(x, weight, bias=None, stride=1, padding=0):
    """a stride with its two axes swapped"""
    sW, sH = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y


def through_numpy(x, weight, bias=None, stride=1, padding=0):
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return torch.tensor(y.detach().cpu().numpy(), device=y.device)


def transposed_kernel(x, weight, bias=None, stride=1, padding=0):
    """a transposed kernel"""
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    weight = weight.transpose(2, 3)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + bias[:, None, None]
    return y
