import numpy as np

DIAGNOSIS = "zeros put below and right only"


def conv2d(x, weight, bias=None, stride=1, padding=0):
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
