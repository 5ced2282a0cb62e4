"""Three ways to convolve, as short as they can be honest: no argument checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.lib.stride_tricks import sliding_window_view

from course.kernels.reference import WINOGRAD


def implicit_gemm(x, weight, stride=1, padding=0, tile=64):
    """y[o, m] = sum over k of weight[o, k] columns[k, m], tile by tile."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    (N, C, H, W), (filters, _, P, Q) = x.shape, weight.shape
    places = N, (H - P) // stride + 1, (W - Q) // stride + 1
    c, p, q = np.indices((C, P, Q)).reshape(3, -1, 1)
    products = []
    for first in range(0, np.prod(places), tile):
        m = np.arange(first, min(first + tile, np.prod(places)))
        n, i, j = np.unravel_index(m, places)
        columns = x[n, c, stride * i + p, stride * j + q]
        products.append(weight.reshape(filters, -1) @ columns)
    return np.hstack(products).reshape(filters, *places).swapaxes(0, 1)


def implicit_gemm_torch(x, weight, stride=1, padding=0, tile=4096):
    """The same, on any device."""
    x = F.pad(x, [padding] * 4)
    (N, C, H, W), (filters, _, P, Q) = x.shape, weight.shape
    places = N, (H - P) // stride + 1, (W - Q) // stride + 1
    k = torch.arange(C * P * Q, device=x.device)
    c, p, q = (each[:, None] for each in torch.unravel_index(k, (C, P, Q)))
    products = []
    for m in torch.arange(np.prod(places), device=x.device).split(tile):
        n, i, j = torch.unravel_index(m, places)
        columns = x[n, c, stride * i + p, stride * j + q]
        products.append(weight.reshape(filters, -1) @ columns)
    return torch.hstack(products).reshape(filters, *places).transpose(0, 1)


def winograd(x, weight, padding=0, m=2):
    """F(m x m, 3 x 3); the sides of the output are multiples of m."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    tiles = sliding_window_view(x, (m + 2, m + 2), axis=(2, 3))[:, :, ::m, ::m]
    BT, G, AT = WINOGRAD[m]
    u, v = G @ weight @ G.T, BT @ tiles @ BT.T
    y = AT @ np.einsum("ocst,ncijst->noijst", u, v) @ AT.T
    N, filters, down, across = y.shape[:4]
    return y.swapaxes(3, 4).reshape(N, filters, m * down, m * across)


def winograd_torch(x, weight, padding=0, m=2):
    """The same, on any device."""
    x = F.pad(x, [padding] * 4)
    tiles = x.unfold(2, m + 2, m).unfold(3, m + 2, m)
    BT, G, AT = (torch.from_numpy(matrix).to(x) for matrix in WINOGRAD[m])
    u, v = G @ weight @ G.T, BT @ tiles @ BT.T
    y = AT @ torch.einsum("ocst,ncijst->noijst", u, v) @ AT.T
    N, filters, down, across = y.shape[:4]
    return y.transpose(3, 4).reshape(N, filters, m * down, m * across)


def fft(x, weight, padding=0):
    """Transform, multiply frequency by frequency, transform back."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    (H, W), (P, Q) = x.shape[2:], weight.shape[2:]
    spectrum = np.fft.rfft2(x)
    kernels = np.fft.rfft2(weight, (H, W)).conj()
    product = np.einsum("ncij,ocij->noij", spectrum, kernels)
    return np.fft.irfft2(product, (H, W))[:, :, : H - P + 1, : W - Q + 1]


def fft_torch(x, weight, padding=0):
    """The same, on any device."""
    x = F.pad(x, [padding] * 4)
    (H, W), (P, Q) = x.shape[2:], weight.shape[2:]
    spectrum = torch.fft.rfft2(x)
    kernels = torch.fft.rfft2(weight, (H, W)).conj()
    product = torch.einsum("ncij,ocij->noij", spectrum, kernels)
    return torch.fft.irfft2(product, (H, W))[:, :, : H - P + 1, : W - Q + 1]
