from course.kernels.simulator import cuda, float32, on_grid


def strided(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        for r in range(ty, side, tile):
            for c in range(tx, side, tile):
                y, x = row - ty - reach + r, column - tx - reach + c
                if 0 <= y < height and 0 <= x < width:
                    shared[r, c] = image[y, x]
                else:
                    shared[r, c] = 0
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def from_the_corner_of_the_block(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        for r in range(ty, side, tile):
            for c in range(tx, side, tile):
                y, x = cuda.blockIdx.y * tile - reach + r, cuda.blockIdx.x * tile - reach + c
                if 0 <= y < height and 0 <= x < width:
                    shared[r, c] = image[y, x]
                else:
                    shared[r, c] = 0
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def pixels_in_a_row(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        for place in range(ty * tile + tx, side * side, tile * tile):
            r, c = place // side, place % side
            y, x = row - ty - reach + r, column - tx - reach + c
            value = float32(0)
            if 0 <= y < height and 0 <= x < width:
                value = image[y, x]
            shared[r, c] = value
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def one_thread_reads(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        if tx == 0 and ty == 0:
            for r in range(side):
                for c in range(side):
                    y, x = row - reach + r, column - reach + c
                    shared[r, c] = 0
                    if 0 <= y < height and 0 <= x < width:
                        shared[r, c] = image[y, x]
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def ghosts_skipped_later(tile, kernel_size):
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        for r in range(ty, side, tile):
            for c in range(tx, side, tile):
                y, x = row - ty - reach + r, column - tx - reach + c
                if 0 <= y < height and 0 <= x < width:
                    shared[r, c] = image[y, x]
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    y, x = row - reach + r, column - reach + c
                    if 0 <= y < height and 0 <= x < width:
                        total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel
