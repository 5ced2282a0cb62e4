"""Two CUDA kernels in Python: a thread for each output pixel; one source for simulator and GPU.

Without a GPU, `NUMBA_ENABLE_CUDASIM=1` in the environment before this module is imported runs every
thread as a thread of Python: right, counted and slow. With numba-cuda and the variable unset the
same functions are compiled for the GPU.

Reads of the image in global memory are counted, one `atomic.add` for each.
"""

from __future__ import annotations

import functools

import numpy as np

try:
    from numba import cuda, float32
except ImportError as missing:
    raise ImportError("the CUDA kernels need numba: pip install -c pins.txt numba") from missing


@cuda.jit
def naive(image, mask, output, reads):
    """Every thread reads its own window from global memory."""
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
                cuda.atomic.add(reads, 0, 1)
                total += image[y, x] * mask[r, c]
    output[row, column] = total


@functools.cache
def tiled(tile: int, kernel_size: int, barrier: bool = True):
    """Make the kernel whose block reads its tile and the halo once, into shared memory.

    Args:
        tile: threads of a block along each axis.
        kernel_size: odd.
        barrier: wait until the whole block has read; without it a thread uses what is not there.
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


def run(kernel, image, mask, tile: int = 8) -> tuple[np.ndarray, int]:
    """Start a kernel on a grid of blocks of `tile` x `tile` threads.

    Args:
        kernel: `naive`, or what `tiled` makes.
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
