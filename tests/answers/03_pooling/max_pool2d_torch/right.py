"""Right answers to `max_pool2d_torch`, as students give them."""

import torch


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def gather_of_the_winner(x, kernel_size, stride=None, padding=0):
    (kH, kW), (pH, pW) = _pair(kernel_size), _pair(padding)
    sH, sW = (kH, kW) if stride is None else _pair(stride)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW).flatten(4)
    return windows.gather(4, windows.argmax(dim=4, keepdim=True)).squeeze(4)


def im2col(x, kernel_size, stride=None, padding=0):
    k = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    s = k if stride is None else stride
    s = (s, s) if isinstance(s, int) else s
    p = (padding, padding) if isinstance(padding, int) else padding
    x = torch.nn.functional.pad(x, (p[1], p[1], p[0], p[0]), value=-1e30)
    N, C, H, W = x.shape
    columns = torch.nn.functional.unfold(x, k, stride=s).reshape(N, C, k[0] * k[1], -1)
    return columns.max(dim=2).values.reshape(N, C, (H - k[0]) // s[0] + 1, (W - k[1]) // s[1] + 1)


def maximum_of_shifts(x, kernel_size, stride=None, padding=0):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    I, J = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = x[:, :, : sH * I : sH, : sW * J : sW][:, :, :I, :J]
    for p in range(kH):
        for q in range(kW):
            part = x[:, :, p : p + sH * (I - 1) + 1 : sH, q : q + sW * (J - 1) + 1 : sW]
            y = torch.maximum(y, part)
    return y


def unfold(x, kernel_size, stride=None, padding=0):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    return windows.amax(dim=(4, 5))
