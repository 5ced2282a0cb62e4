import numpy as np

DIAGNOSIS = 'a "same" that begins half a kernel late'


def convolve2d(x, weight, mode="full"):
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"unknown mode {mode}")
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kH, kW))
    full = np.einsum("ijuv,uv->ij", windows, weight[::-1, ::-1])
    if mode == "full":
        return full
    if mode == "same":
        top, left = kH // 2, kW // 2
        return full[top : top + H, left : left + W]
    return full[kH - 1 : H, kW - 1 : W]
