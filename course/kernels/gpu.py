"""The algorithms of the reference in torch, on any device."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from course.kernels import reference


def implicit_gemm(
    x: Tensor, weight: Tensor, stride: int = 1, padding: int = 0, tile: int = 4096
) -> Tensor:
    """Convolve tile by tile, the columns never whole: the twin of `reference.implicit_gemm`."""
    (n, _, h, w), (o, c, p, q) = x.shape, weight.shape
    i, j = ((size + 2 * padding - k) // stride + 1 for size, k in ((h, p), (w, q)))
    padded = F.pad(x, (padding,) * 4)
    rows, count = weight.reshape(o, -1), n * i * j
    k = torch.arange(c * p * q, device=x.device)[:, None]
    channel, tap_p, tap_q = k // (p * q), k // q % p, k % q
    products = []
    for start in range(0, count, tile):
        m = torch.arange(start, min(start + tile, count), device=x.device)
        picture, row, column = m // (i * j), m // j % i, m % j
        columns = padded[picture, channel, stride * row + tap_p, stride * column + tap_q]
        products.append(rows @ columns)
    return torch.cat(products, 1).reshape(o, n, i, j).transpose(0, 1).contiguous()


def winograd(x: Tensor, weight: Tensor, padding: int = 0, m: int = 2) -> Tensor:
    """Convolve with 3x3 kernels in tiles of m x m: the twin of `reference.winograd`."""
    b, g, a = (torch.from_numpy(matrix).to(x) for matrix in reference.WINOGRAD[m])
    height, width = (size + 2 * padding - 2 for size in x.shape[2:])
    rows, columns = -(-height // m), -(-width // m)
    ends = rows * m - height, columns * m - width
    padded = F.pad(x, (padding, padding + ends[1], padding, padding + ends[0]))
    tiles = padded.unfold(2, m + 2, m).unfold(3, m + 2, m)
    u, v = g @ weight @ g.mT, b @ tiles @ b.mT
    y = a @ torch.einsum("ocst,ncijst->noijst", u, v) @ a.mT
    y = y.transpose(3, 4).reshape(len(x), len(weight), rows * m, columns * m)
    return y[:, :, :height, :width]


def fft(x: Tensor, weight: Tensor, padding: int = 0) -> Tensor:
    """Convolve by spectra: the twin of `reference.fft`."""
    padded = F.pad(x, (padding,) * 4)
    size = padded.shape[2:]
    height, width = (n - k + 1 for n, k in zip(size, weight.shape[2:], strict=True))
    spectrum, kernels = torch.fft.rfft2(padded), torch.fft.rfft2(weight, size).conj()
    product = torch.einsum("ncij,ocij->noij", spectrum, kernels)
    return torch.fft.irfft2(product, size)[:, :, :height, :width]
