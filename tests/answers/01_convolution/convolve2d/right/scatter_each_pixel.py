import numpy as np


def convolve2d(x, weight, mode="full"):
    (H, W), (kH, kW) = x.shape, weight.shape
    full = np.zeros((H + kH - 1, W + kW - 1))
    for i in range(H):
        for j in range(W):
            full[i : i + kH, j : j + kW] += x[i, j] * weight
    begin = {"full": (0, 0), "same": ((kH - 1) // 2, (kW - 1) // 2), "valid": (kH - 1, kW - 1)}
    if mode not in begin:
        raise ValueError("mode must be full, same or valid")
    size = {"full": full.shape, "same": (H, W), "valid": (H - kH + 1, W - kW + 1)}[mode]
    top, left = begin[mode]
    return full[top : top + size[0], left : left + size[1]].copy()
