import torch


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_torch(x, kernel_size, stride=None, padding=0):
    (kH, kW), (pH, pW) = pair(kernel_size), pair(padding)
    sH, sW = (kH, kW) if stride is None else pair(stride)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW).flatten(4)
    return windows.gather(4, windows.argmax(dim=4, keepdim=True)).squeeze(4)
