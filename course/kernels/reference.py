"""How a processor computes a convolution: algorithms in NumPy, and what each reads and multiplies.

Letters as in `course.convolution.reference`: n, c, o, the place i, j, the tap p, q. All of these
give what `conv2d` gives, by other ways:

    implicit_gemm   the matrix product of im2col, without writing the columns
    winograd        3x3 kernels, with fewer multiplications
    fft             large kernels, as a product of spectra
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy import ndarray

# --- reads of global memory ----------------------------------------------------------------------


def naive_reads(height: int, width: int, kernel_size: int) -> int:
    """Pixels that all threads read from global memory, each thread its own window.

    (k * H - rows missing at the border) * (k * W - columns missing), with k odd and padding k // 2
    """
    return _inside(height, kernel_size) * _inside(width, kernel_size)


def tiled_reads(height: int, width: int, kernel_size: int, tile: int) -> int:
    """Pixels that all blocks read, each its tile and the halo around it once.

    A block of T x T threads reads up to (T + k - 1) ** 2 pixels, those outside the image not.
    """
    return _tiles(height, kernel_size, tile) * _tiles(width, kernel_size, tile)


def _inside(size, k):
    reach = k // 2
    return sum(min(size, i + reach + 1) - max(0, i - reach) for i in range(size))


def _tiles(size, k, tile):
    reach = k // 2
    starts = range(0, size, tile)
    return sum(min(size, start + tile + reach) - max(0, start - reach) for start in starts)


# --- multiplications -----------------------------------------------------------------------------


def multiplications(channels: int, filters: int, size: int, kernel_size: int) -> dict[str, float]:
    """Multiplications of one picture's convolution at stride 1, by algorithm; transforms left out.

        direct        O C k^2 I^2
        F(m x m)      O C (m + 2)^2 (I / m)^2      3x3 kernels alone
        fft           3 O C H (H // 2 + 1)         half of the spectrum, 3 for a complex product

    Args:
        channels, filters: C and O.
        size: I, outputs along each axis; H = I + k - 1.
        kernel_size: k.

    Returns:
        {"direct": ..., "F(2x2, 3x3)": ..., "F(4x4, 3x3)": ..., "fft": ...}
    """
    pairs, side = channels * filters, size + kernel_size - 1
    counts = {"direct": pairs * kernel_size**2 * size**2}
    for m in (2, 4) if kernel_size == 3 else ():
        counts[f"F({m}x{m}, 3x3)"] = pairs * (m + 2) ** 2 * (-(-size // m)) ** 2
    return counts | {"fft": 3 * pairs * side * (side // 2 + 1)}


# --- the algorithms ------------------------------------------------------------------------------


def implicit_gemm(
    x: ndarray, weight: ndarray, stride: int = 1, padding: int = 0, tile: int = 64
) -> ndarray:
    """Convolve as a matrix product whose columns are never in memory: tile by tile.

        y[o, m] = sum over k of weight[o, k] * columns[k, m]

    where k counts (c, p, q) and m counts (n, i, j). Each tile of columns is gathered from x as it
    is needed: k and m are taken apart again, and say which pixel is meant.

    Args:
        x: (N, C, H, W).
        weight: (O, C, P, Q).
        stride, padding: integers.
        tile: rows and columns of a tile.

    Returns:
        (N, O, H_out, W_out).
    """
    (n, _, h, w), (o, c, p, q) = x.shape, weight.shape
    i, j = ((size + 2 * padding - k) // stride + 1 for size, k in ((h, p), (w, q)))
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    rows = weight.reshape(o, -1)
    y = np.zeros((o, n * i * j), np.result_type(x, weight))
    for m in range(0, n * i * j, tile):
        picture, row, column = np.unravel_index(np.arange(m, min(m + tile, n * i * j)), (n, i, j))
        for k in range(0, c * p * q, tile):
            part = np.arange(k, min(k + tile, c * p * q))[:, None]
            channel, tap_p, tap_q = np.unravel_index(part, (c, p, q))
            columns = padded[picture, channel, stride * row + tap_p, stride * column + tap_q]
            y[:, m : m + tile] += rows[:, k : k + tile] @ columns
    return y.reshape(o, n, i, j).swapaxes(0, 1)


# Lavin and Gray's matrices, by the number of outputs of a tile: B^T, G, A^T.
WINOGRAD = {
    2: (
        np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], float),
        np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]),
        np.array([[1, 1, 1, 0], [0, 1, -1, -1]], float),
    ),
    4: (
        np.array(
            [
                [4, 0, -5, 0, 1, 0],
                [0, -4, -4, 1, 1, 0],
                [0, 4, -4, -1, 1, 0],
                [0, -2, -1, 2, 1, 0],
                [0, 2, -1, -2, 1, 0],
                [0, 4, 0, -5, 0, 1],
            ],
            float,
        ),
        np.array(
            [
                [1 / 4, 0, 0],
                [-1 / 6, -1 / 6, -1 / 6],
                [-1 / 6, 1 / 6, -1 / 6],
                [1 / 24, 1 / 12, 1 / 6],
                [1 / 24, -1 / 12, 1 / 6],
                [0, 0, 1],
            ]
        ),
        np.array(
            [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
            float,
        ),
    ),
}


def winograd1d(d: ndarray, g: ndarray) -> ndarray:
    """Two outputs of a kernel of three by four multiplications instead of six: F(2, 3).

        y = A^T ((G g) * (B^T d))

    Args:
        d: (4,), the pixels.
        g: (3,), the kernel.

    Returns:
        (2,).

    Source: Lavin, Gray, "Fast algorithms for convolutional neural networks" (2015).
    """
    b, transform, a = WINOGRAD[2]
    return a @ ((transform @ g) * (b @ d))


def winograd(x: ndarray, weight: ndarray, padding: int = 0, m: int = 2) -> ndarray:
    """Convolve with 3x3 kernels at stride 1, tiles of m x m outputs at a time: F(m x m, 3 x 3).

        u[o, c] = G weight[o, c] G^T               each kernel, once
        v[c, tile] = B^T pixels[c, tile] B         each tile of (m + 2) x (m + 2) pixels
        y[o, tile] = A^T (sum over c of u[o, c] * v[c, tile]) A

    A tile takes (m + 2) ** 2 multiplications for a pair of channels instead of 9 * m ** 2: 2.25
    times fewer for m = 2, 4 times for m = 4.

    Args:
        x: (N, C, H, W).
        weight: (O, C, 3, 3).
        padding: an integer.
        m: 2 or 4.

    Returns:
        (N, O, H_out, W_out), of x's dtype; every step is rounded to it.

    Source: Lavin, Gray, "Fast algorithms for convolutional neural networks" (2015).
    """
    b, g, a = (matrix.astype(x.dtype) for matrix in WINOGRAD[m])
    height, width = (size + 2 * padding - 2 for size in x.shape[2:])
    rows, columns = -(-height // m), -(-width // m)
    ends = rows * m - height, columns * m - width
    padded = np.pad(x, [(0, 0), (0, 0), *((padding, padding + end) for end in ends)])
    tiles = np.lib.stride_tricks.sliding_window_view(padded, (m + 2, m + 2), axis=(2, 3))
    tiles = tiles[:, :, ::m, ::m]
    u = g @ weight @ g.T
    v = b @ tiles @ b.T
    # For each of the (m + 2) ** 2 places a product of matrices, over the channels.
    product = np.einsum("ocst,ncijst->noijst", u, v, optimize=True)
    y = a @ product @ a.T
    y = y.swapaxes(3, 4).reshape(len(x), len(weight), rows * m, columns * m)
    return y[:, :, :height, :width].astype(x.dtype)


def fft(x: ndarray, weight: ndarray, padding: int = 0) -> ndarray:
    """Convolve at stride 1 by spectra: a product for each frequency, whatever the kernel's size.

        Y[n, o, f] = sum over c of X[n, c, f] * conj(K[o, c, f])

    The conjugate makes it the correlation that `conv2d` is.

    Args:
        x: (N, C, H, W).
        weight: (O, C, P, Q).
        padding: an integer.

    Returns:
        (N, O, H_out, W_out).
    """
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    size = padded.shape[2:]
    height, width = (n - k + 1 for n, k in zip(size, weight.shape[2:], strict=True))
    # Nothing wraps around into the outputs that are kept: their windows lie inside.
    spectrum = scipy.fft.rfft2(padded, size)
    kernels = scipy.fft.rfft2(weight, size).conj()
    product = np.einsum("ncij,ocij->noij", spectrum, kernels, optimize=True)
    return scipy.fft.irfft2(product, size)[:, :, :height, :width]
