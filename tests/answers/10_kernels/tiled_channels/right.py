from course.kernels.simulator import cuda, float32, on_grid


def barrier_at_the_end(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        total = float32(0)
        for channel in range(channels):
            for r in range(ty, side, tile):
                for c in range(tx, side, tile):
                    y, x = row - ty - reach + r, column - tx - reach + c
                    if 0 <= y < height and 0 <= x < width:
                        shared[r, c] = image[channel, y, x]
                    else:
                        shared[r, c] = 0
            cuda.syncthreads()
            if inside:
                for r in range(kernel_size):
                    for c in range(kernel_size):
                        total += shared[ty + r, tx + c] * mask[channel, r, c]
            cuda.syncthreads()
        if inside:
            output[row, column] = total

    return kernel


def barrier_at_the_start(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        total = float32(0)
        for channel in range(channels):
            cuda.syncthreads()
            for r in range(ty, side, tile):
                for c in range(tx, side, tile):
                    y, x = row - ty - reach + r, column - tx - reach + c
                    if 0 <= y < height and 0 <= x < width:
                        shared[r, c] = image[channel, y, x]
                    else:
                        shared[r, c] = 0
            cuda.syncthreads()
            if inside:
                for r in range(kernel_size):
                    for c in range(kernel_size):
                        total += shared[ty + r, tx + c] * mask[channel, r, c]
        if inside:
            output[row, column] = total

    return kernel


def one_barrier_more(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        total = float32(0)
        for channel in range(channels):
            if channel > 0:
                cuda.syncthreads()
            for r in range(ty, side, tile):
                for c in range(tx, side, tile):
                    y, x = row - ty - reach + r, column - tx - reach + c
                    shared[r, c] = 0
                    if 0 <= y < height and 0 <= x < width:
                        shared[r, c] = image[channel, y, x]
            cuda.syncthreads()
            if inside:
                for r in range(kernel_size):
                    for c in range(kernel_size):
                        total += shared[ty + r, tx + c] * mask[channel, r, c]
            cuda.syncthreads()
        if inside:
            output[row, column] = total

    return kernel


def idle_threads_sum_too(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        total = float32(0)
        for channel in range(channels):
            for r in range(ty, side, tile):
                for c in range(tx, side, tile):
                    y, x = row - ty - reach + r, column - tx - reach + c
                    if 0 <= y < height and 0 <= x < width:
                        shared[r, c] = image[channel, y, x]
                    else:
                        shared[r, c] = 0
            cuda.syncthreads()
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[channel, r, c]
            cuda.syncthreads()
        if inside:
            output[row, column] = total

    return kernel
