import torch


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d_torch(x, kernel_size, stride=None, padding=0):
    kH, kW = pair(kernel_size)
    sH, sW = pair(kernel_size if stride is None else stride)
    pH, pW = pair(padding)
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH), value=-torch.inf)
    I, J = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = x[:, :, : sH * I : sH, : sW * J : sW][:, :, :I, :J]
    for p in range(kH):
        for q in range(kW):
            part = x[:, :, p : p + sH * (I - 1) + 1 : sH, q : q + sW * (J - 1) + 1 : sW]
            y = torch.maximum(y, part)
    return y
