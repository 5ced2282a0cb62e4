import torch

DIAGNOSIS = "a maximum over the channels too"


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_torch(x, kernel_size, stride=None, padding=0):
    kH, kW = pair(kernel_size)
    sH, sW = pair(kernel_size if stride is None else stride)
    pH, pW = pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = windows.amax(dim=(1, 4, 5))
    return y[:, None].expand(-1, x.shape[1], -1, -1)
