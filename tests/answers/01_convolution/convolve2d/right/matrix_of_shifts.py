import numpy as np


def convolve2d(x, weight, mode="full"):
    (H, W), (kH, kW) = x.shape, weight.shape
    if mode not in ["full", "same", "valid"]:
        raise ValueError("no such mode: " + str(mode))
    full = np.zeros((H + kH - 1, W + kW - 1), np.result_type(x, weight))
    for u, v in np.ndindex(kH, kW):
        full[u : u + H, v : v + W] += weight[u, v] * x
    cut = {"full": slice(None)}
    rows = {"same": slice((kH - 1) // 2, (kH - 1) // 2 + H), "valid": slice(kH - 1, H)} | cut
    columns = {"same": slice((kW - 1) // 2, (kW - 1) // 2 + W), "valid": slice(kW - 1, W)} | cut
    return full[rows[mode], columns[mode]]
