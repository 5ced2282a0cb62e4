"""Right answers to `residual_block`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def _conv2d(x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(torch.tensor(x), torch.tensor(weight), padding=padding).numpy()


def formula(x, weight1, weight2):
    hidden = np.maximum(_conv2d(x, weight1), 0)
    f = _conv2d(hidden, weight2)
    return np.maximum(f + x, 0)


def in_place_on_copies(x, weight1, weight2):
    hidden = _conv2d(x, weight1).copy()
    hidden[hidden < 0] = 0
    y = _conv2d(hidden, weight2).copy()
    y += x
    y *= y > 0
    return y


def loops_in_float64(x, weight1, weight2):
    def convolve(a, w):
        pH, pW = w.shape[2] // 2, w.shape[3] // 2
        a = np.pad(a, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
        H, W = a.shape[2] - 2 * pH, a.shape[3] - 2 * pW
        y = np.zeros((len(a), len(w), H, W))
        for u in range(w.shape[2]):
            for v in range(w.shape[3]):
                y += np.tensordot(a[:, :, u : u + H, v : v + W], w[:, :, u, v], (1, 1)).transpose(
                    0, 3, 1, 2
                )
        return y

    return np.clip(convolve(np.clip(convolve(x, weight1), 0, None), weight2) + x, 0, None)


def torch_only(x, weight1, weight2):
    x, weight1, weight2 = map(torch.from_numpy, (x, weight1, weight2))
    hidden = F.conv2d(x, weight1, padding=[k // 2 for k in weight1.shape[2:]]).relu()
    y = F.conv2d(hidden, weight2, padding=[k // 2 for k in weight2.shape[2:]])
    return y.add(x).relu().numpy()


def _conv(x, weight):
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (kH // 2, kH // 2), (kW // 2, kW // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (kH, kW), axis=(2, 3))
    return np.einsum("ncijuv,ocuv->noij", windows, weight)


def windows_and_where(x, weight1, weight2):
    hidden = _conv(x, weight1)
    hidden = np.where(hidden > 0, hidden, 0)
    total = _conv(hidden, weight2) + x
    return np.where(total > 0, total, 0)
