from course.kernels.simulator import cuda, float32, on_grid


def no_barrier(tile, kernel_size):
    """a forgotten barrier"""
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
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def barrier_first(tile, kernel_size):
    """a forgotten barrier"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        cuda.syncthreads()
        inside = row < height and column < width
        for r in range(ty, side, tile):
            for c in range(tx, side, tile):
                y, x = row - ty - reach + r, column - tx - reach + c
                if 0 <= y < height and 0 <= x < width:
                    shared[r, c] = image[y, x]
                else:
                    shared[r, c] = 0
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def early(tile, kernel_size):
    """idle threads that do not help"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        if not inside:
            return
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


def barrier_within_the_condition(tile, kernel_size):
    """idle threads that do not help"""
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
        total = float32(0)
        if inside:
            cuda.syncthreads()
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def idle_write(tile, kernel_size):
    """idle threads that write"""
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
        for r in range(kernel_size):
            for c in range(kernel_size):
                total += shared[ty + r, tx + c] * mask[r, c]
        output[row, column] = total

    return kernel


def no_bounds(tile, kernel_size):
    """a halo without bounds"""
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


def no_room(tile, kernel_size):
    """a halo without room"""
    side, reach = tile, kernel_size // 2

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


def too_small(tile, kernel_size):
    """shared memory that is too small for what is written"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((tile, tile), float32)
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


def own_pixel_alone(tile, kernel_size):
    """a halo that nobody reads"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        if inside:
            shared[ty + reach, tx + reach] = image[row, column]
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def ghosts_not_set(tile, kernel_size):
    """a halo that nobody reads"""
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
                    total += shared[ty + r, tx + c] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def from_global(tile, kernel_size):
    """windows from global memory"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        shared[ty, tx] = 0
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    y, x = row - reach + r, column - reach + c
                    if 0 <= y < height and 0 <= x < width:
                        total += image[y, x] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def halo_from_global(tile, kernel_size):
    """a tile from shared memory, its halo from global memory"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        if inside:
            shared[ty, tx] = image[row, column]
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    y, x = row - reach + r, column - reach + c
                    i, j = ty - reach + r, tx - reach + c
                    if 0 <= y < height and 0 <= x < width:
                        if 0 <= i < tile and 0 <= j < tile:
                            total += shared[i, j] * mask[r, c]
                        else:
                            total += image[y, x] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def everybody_reads_all(tile, kernel_size):
    """every thread reading the whole tile"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        for r in range(side):
            for c in range(side):
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


def zeros_around(tile, kernel_size):
    """zeros around every tile"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        height, width = image.shape
        inside = row < height and column < width
        if inside:
            shared[ty, tx] = image[row, column]
        cuda.syncthreads()
        total = float32(0)
        if inside:
            for r in range(kernel_size):
                for c in range(kernel_size):
                    i, j = ty - reach + r, tx - reach + c
                    y, x = row - reach + r, column - reach + c
                    if 0 <= i < tile and 0 <= j < tile and y < height and x < width:
                        total += shared[i, j] * mask[r, c]
        if inside:
            output[row, column] = total

    return kernel


def not_shifted(tile, kernel_size):
    """a tile that begins at its first pixel, not at its halo"""
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
                y, x = row - ty + r, column - tx + c
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


def turned(tile, kernel_size):
    """a flipped mask"""
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
                    total += shared[ty + r, tx + c] * mask[kernel_size - 1 - r, kernel_size - 1 - c]
        if inside:
            output[row, column] = total

    return kernel
