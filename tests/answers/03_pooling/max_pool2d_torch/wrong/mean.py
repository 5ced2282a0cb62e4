import torch

DIAGNOSIS = "a mean instead of the maximum"


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_torch(x, kernel_size, stride=None, padding=0):
    kH, kW = pair(kernel_size)
    sH, sW = pair(kernel_size if stride is None else stride)
    pH, pW = pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=0.0)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.mean(dim=(4, 5))
