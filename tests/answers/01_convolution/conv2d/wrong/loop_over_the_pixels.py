import numpy as np

DIAGNOSIS = None


def conv2d(x, weight, bias=None, stride=1, padding=0):
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((len(x), len(weight), H, W))
    for i in range(H):
        for j in range(W):
            patch = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = np.einsum("ncuv,ocuv->no", patch, weight)
    return y if bias is None else y + bias[:, None, None]
