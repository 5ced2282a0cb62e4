import numpy as np

from course.kernels.simulator import cuda, float32, on_grid


@on_grid(padding="valid")
def by_grid(image, mask, output):
    column, row = cuda.grid(2)
    total = float32(0)
    for r in range(mask.shape[0]):
        for c in range(mask.shape[1]):
            total += image[row + r, column + c] * mask[r, c]
    output[row, column] = total


@on_grid(padding="valid")
def by_block_and_thread(image, mask, output):
    x = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    y = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    height, width = mask.shape
    s = 0.0
    for i in range(height):
        for j in range(width):
            s = s + mask[i, j] * image[y + i, x + j]
    output[y, x] = s


@on_grid(padding="valid")
def columns_first_and_checked(image, mask, output):
    x, y = cuda.grid(2)
    if y < output.shape[0] and x < output.shape[1]:
        total = np.float32(0)
        for c in range(mask.shape[1]):
            for r in range(mask.shape[0]):
                total += mask[r, c] * image[y + r, x + c]
        output[y, x] = total


@on_grid(padding="valid")
def one_loop(image, mask, output):
    column, row = cuda.grid(2)
    taps = mask.shape[0] * mask.shape[1]
    total = float32(0)
    for tap in range(taps):
        r, c = tap // mask.shape[1], tap % mask.shape[1]
        total += image[row + r, column + c] * mask[r, c]
    output[row, column] = total
