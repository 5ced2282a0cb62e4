import torch

DIAGNOSIS = "a bias added once for each input channel"


def conv2d_torch(x, weight, bias=None, stride=1, padding=0):
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = torch.nn.functional.pad(x, (pW, pW, pH, pH))
    windows = x.unfold(2, kH, sH).unfold(3, kW, sW)
    y = torch.einsum("ncijuv,ocuv->noij", windows, weight)
    if bias is not None:
        y = y + x.shape[1] * bias[:, None, None]
    return y
