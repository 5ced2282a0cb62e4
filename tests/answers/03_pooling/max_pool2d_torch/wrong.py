"""Wrong answers to `max_pool2d_torch`, as students give them."""

import torch


def calls_the_library(x, kernel_size, stride=None, padding=0):
    return torch.nn.functional.max_pool2d(x, kernel_size, stride, padding)


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def channels_mixed(x, kernel_size, stride=None, padding=0):
    """a maximum over the channels too"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = windows.amax(dim=(1, 4, 5))
    return y[:, None].expand(-1, x.shape[1], -1, -1)


def default_stride_one(x, kernel_size, stride=None, padding=0):
    """a stride of 1 where none is given"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(1 if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def largest_size(x, kernel_size, stride=None, padding=0):
    """a maximum of sizes, signs left out"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x.abs(), (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def mean(x, kernel_size, stride=None, padding=0):
    """a mean instead of the maximum"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=0.0)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.mean(dim=(4, 5))


def minimum(x, kernel_size, stride=None, padding=0):
    """a minimum instead of the maximum"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amin(dim=(4, 5))


def padded_with_zeros(x, kernel_size, stride=None, padding=0):
    """a padding of zeros"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=0.0)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def padding_ignored(x, kernel_size, stride=None, padding=0):
    """a padding that is ignored"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH = pW = 0
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def padding_swapped(x, kernel_size, stride=None, padding=0):
    """a padding with its two axes swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pW, pH = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def square_window(x, kernel_size, stride=None, padding=0):
    """a window as wide as it is high"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    kW = kH
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def starts_from_zero(x, kernel_size, stride=None, padding=0):
    """a maximum that starts from zero"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5)).clamp(min=0)


def stride_from_the_kernel(x, kernel_size, stride=None, padding=0):
    """a stride taken from the kernel"""
    kH, kW = _pair(kernel_size)
    sH, sW = kH, kW
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def stride_ignored(x, kernel_size, stride=None, padding=0):
    """a stride that is ignored"""
    kH, kW = _pair(kernel_size)
    sH = sW = 1
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def stride_of_rows_for_columns(x, kernel_size, stride=None, padding=0):
    """a stride whose first number is used for both axes"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    sW = sH
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def stride_swapped(x, kernel_size, stride=None, padding=0):
    """a stride with its two axes swapped"""
    kH, kW = _pair(kernel_size)
    sW, sH = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))


def window_swapped(x, kernel_size, stride=None, padding=0):
    """a window with its height and width swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    kH, kW = kW, kH
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))
