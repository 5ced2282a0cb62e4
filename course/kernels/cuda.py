"""CUDA kernels in Python, a thread for each output number; one source for simulator and GPU.

    convolution_2D_basic_kernel     the kernel of the slides, mended so far that it runs
    naive               every thread reads its own window
    tiled               a block reads its tile and halo once, into shared memory
    implicit_gemm       a block computes a tile of the matrix product of im2col, without columns

Without a GPU, `NUMBA_ENABLE_CUDASIM=1` in the environment before this module is imported runs every
thread as a thread of Python: right, counted and slow. With numba-cuda and the variable unset the
same functions are compiled for the GPU.

Reads of the image in global memory are counted, one `atomic.add` for each; `counted=False` leaves
it out, for a kernel that is to be timed. What a kernel is made for is a constant when it is
compiled, as the size of shared memory has to be.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

try:
    from numba import cuda, float32, int32
    from numba.core import config
except ImportError as missing:
    raise ImportError("the CUDA kernels need numba: pip install -c pins.txt numba") from missing

if config.ENABLE_CUDASIM:
    from course.kernels import blocks  # noqa: F401


@cuda.jit
def convolution_2D_basic_kernel(
    in_: np.ndarray, filter: np.ndarray, out: np.ndarray, filterwidth: int, w: int, h: int
) -> None:
    """Compute one pixel as the kernel of the slides does; all arrays are flat and of uint8.

    Its names and its order of lines are those of the source; `N_Start_row` is written as it is set.

    Source: Finkler, Zhang, "Convolutional Neural Networks" (NYU, HPML).
    """
    Col = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    Row = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y

    if Col < w and Row < h:
        pixVal = 0
        N_start_col = Col - (filterwidth // 2)
        N_start_row = Row - (filterwidth // 2)

        for j in range(filterwidth):
            for k in range(filterwidth):
                curRow = N_start_row + j
                curCol = N_start_col + k
                if -1 < curRow < h and -1 < curCol < w:
                    pixel = in_[curRow * w + curCol]
                    weight = filter[j * filterwidth + k]
                    pixVal += int32(pixel) * int32(weight)
        out[Row * w + Col] = pixVal & 255  # (unsigned char)(pixVal)


def run_slide(
    image: np.ndarray,
    mask: np.ndarray,
    kernel: Callable = convolution_2D_basic_kernel,
    tile: int = 8,
) -> np.ndarray:
    """Start the kernel of the slides.

    Args:
        image: (H, W), uint8.
        mask: (k, k), integers; cut to uint8, as there: -1 becomes 255.
        kernel: another than the mended one.
        tile: threads of a block along each axis.

    Returns:
        (H, W), uint8.
    """
    height, width = image.shape
    flat = [np.asarray(a).astype(np.uint8).ravel() for a in (image, mask, np.zeros_like(image))]
    device = [cuda.to_device(a) for a in flat]
    grid = (-(-width // tile), -(-height // tile))
    kernel[grid, (tile, tile)](*device, len(mask), width, height)
    return device[2].copy_to_host().reshape(height, width)


@functools.cache
def naive(counted: bool = True) -> Callable:
    """Make the kernel whose threads read their own windows from global memory."""

    @cuda.jit
    def kernel(image, mask, output, reads):
        column, row = cuda.grid(2)
        height, width = image.shape
        k = mask.shape[0]
        if row >= height or column >= width:  # the threads that hang over the border are idle
            return
        total = float32(0)
        for r in range(k):
            for c in range(k):
                y, x = row - k // 2 + r, column - k // 2 + c
                if 0 <= y < height and 0 <= x < width:  # else a ghost cell: 0
                    if counted:
                        cuda.atomic.add(reads, 0, 1)
                    total += image[y, x] * mask[r, c]
        output[row, column] = total

    return kernel


@functools.cache
def tiled(tile: int, kernel_size: int, barrier: bool = True, counted: bool = True) -> Callable:
    """Make the kernel whose block reads its tile and the halo once, into shared memory.

    Args:
        tile: threads of a block along each axis.
        kernel_size: odd.
        barrier: wait until the whole block has read; without it a thread uses what is not there.
        counted: count the reads.
    """
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @cuda.jit
    def kernel(image, mask, output, reads):
        shared = cuda.shared.array((side, side), float32)
        height, width = image.shape
        column, row = cuda.grid(2)
        top, left = cuda.blockIdx.y * tile - reach, cuda.blockIdx.x * tile - reach
        # The block has fewer threads than the tile with its halo has pixels: some read several.
        for r in range(cuda.threadIdx.y, side, tile):
            for c in range(cuda.threadIdx.x, side, tile):
                y, x = top + r, left + c
                if 0 <= y < height and 0 <= x < width:
                    if counted:
                        cuda.atomic.add(reads, 0, 1)
                    shared[r, c] = image[y, x]
                else:
                    shared[r, c] = 0
        if barrier:
            cuda.syncthreads()
        if row >= height or column >= width:
            return
        total = float32(0)
        for r in range(kernel_size):
            for c in range(kernel_size):
                total += shared[cuda.threadIdx.y + r, cuda.threadIdx.x + c] * mask[r, c]
        output[row, column] = total

    return kernel


def run(
    kernel: Callable, image: np.ndarray, mask: np.ndarray, tile: int = 8
) -> tuple[np.ndarray, int]:
    """Start a kernel on a grid of blocks of `tile` x `tile` threads.

    Args:
        kernel: what `naive` or `tiled` makes.
        image: (H, W), float32.
        mask: (k, k), float32, k odd.

    Returns:
        (H, W), the correlation with padding k // 2, and how often a pixel was read.
    """
    height, width = image.shape
    output, reads = np.full_like(image, np.nan), np.zeros(1, np.int32)
    device = [cuda.to_device(a) for a in (image, mask, output, reads)]
    kernel[(-(-width // tile), -(-height // tile)), (tile, tile)](*device)
    return device[2].copy_to_host(), int(device[3].copy_to_host()[0])


@functools.cache
def implicit_gemm(tile: int, counted: bool = True) -> Callable:
    """Make the kernel whose block computes a tile of weight @ columns, gathering the columns.

    Args:
        tile: threads of a block along each axis: filters down, places across.
        counted: count the reads.
    """

    @cuda.jit
    def kernel(x, weight, output, stride, padding, reads):
        rows = cuda.shared.array((tile, tile), float32)
        columns = cuda.shared.array((tile, tile), float32)
        height, width = x.shape[2], x.shape[3]
        filters, channels, kernel_h, kernel_w = weight.shape
        out_h, out_w = output.shape[2], output.shape[3]
        taps, places = kernel_h * kernel_w, x.shape[0] * out_h * out_w
        m, o = cuda.grid(2)
        n, i, j = m // (out_h * out_w), m // out_w % out_h, m % out_w
        total = float32(0)
        for start in range(0, channels * taps, tile):
            # Each thread fetches one weight of its row and one pixel of its column.
            k = start + cuda.threadIdx.x
            weighted = float32(0)
            if o < filters and k < channels * taps:
                weighted = weight[o, k // taps, k % taps // kernel_w, k % kernel_w]
            rows[cuda.threadIdx.y, cuda.threadIdx.x] = weighted
            k = start + cuda.threadIdx.y
            pixel = float32(0)
            row = stride * i - padding + k % taps // kernel_w
            column = stride * j - padding + k % kernel_w
            inside = 0 <= row < height and 0 <= column < width
            if m < places and k < channels * taps and inside:
                if counted:
                    cuda.atomic.add(reads, 0, 1)
                pixel = x[n, k // taps, row, column]
            columns[cuda.threadIdx.y, cuda.threadIdx.x] = pixel
            cuda.syncthreads()
            for step in range(tile):
                total += rows[cuda.threadIdx.y, step] * columns[step, cuda.threadIdx.x]
            cuda.syncthreads()  # nobody overwrites what another still uses
        if o < filters and m < places:
            output[n, o, i, j] = total

    return kernel


def run_implicit_gemm(
    x: np.ndarray, weight: np.ndarray, stride: int = 1, padding: int = 0, tile: int = 4
) -> tuple[np.ndarray, int]:
    """Start `implicit_gemm` on a grid that covers filters and places.

    Args:
        x: (N, C, H, W), float32.
        weight: (O, C, P, Q), float32.
        stride, padding: integers.
        tile: threads of a block along each axis.

    Returns:
        (N, O, H_out, W_out), and how often a pixel was read.
    """
    (n, _, h, w), (o, _, p, q) = x.shape, weight.shape
    i, j = ((size + 2 * padding - k) // stride + 1 for size, k in ((h, p), (w, q)))
    output, reads = np.full((n, o, i, j), np.nan, np.float32), np.zeros(1, np.int32)
    x, weight, output, reads = (cuda.to_device(a) for a in (x, weight, output, reads))
    grid = (-(-n * i * j // tile), -(-o // tile))
    implicit_gemm(tile)[grid, (tile, tile)](x, weight, output, stride, padding, reads)
    return output.copy_to_host(), int(reads.copy_to_host()[0])
