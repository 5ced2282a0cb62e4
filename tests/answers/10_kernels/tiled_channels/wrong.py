from course.kernels.simulator import cuda, float32, on_grid


def as_it_was(tile, kernel_size):
    """the bug as it was: a channel read while the one before it is in use"""
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
        if inside:
            output[row, column] = total

    return kernel


def barrier_after_the_loop(tile, kernel_size):
    """the bug as it was: a channel read while the one before it is in use"""
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


def barrier_doubled(tile, kernel_size):
    """the bug as it was: a channel read while the one before it is in use"""
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
            cuda.syncthreads()
            if inside:
                for r in range(kernel_size):
                    for c in range(kernel_size):
                        total += shared[ty + r, tx + c] * mask[channel, r, c]
        if inside:
            output[row, column] = total

    return kernel


def barrier_moved(tile, kernel_size):
    """no barrier between reading and using"""
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
            if inside:
                for r in range(kernel_size):
                    for c in range(kernel_size):
                        total += shared[ty + r, tx + c] * mask[channel, r, c]
            cuda.syncthreads()
        if inside:
            output[row, column] = total

    return kernel


def none(tile, kernel_size):
    """no barrier between reading and using"""
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
            if inside:
                for r in range(kernel_size):
                    for c in range(kernel_size):
                        total += shared[ty + r, tx + c] * mask[channel, r, c]
        if inside:
            output[row, column] = total

    return kernel


def barrier_in_the_condition(tile, kernel_size):
    """a barrier within a condition"""
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


def early(tile, kernel_size):
    """a barrier within a condition"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        if not inside:
            return
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


def idle_write(tile, kernel_size):
    """idle threads that write"""
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
        output[row, column] = total

    return kernel


def begun_anew(tile, kernel_size):
    """the last channel alone"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        for channel in range(channels):
            total = float32(0)
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


def first_alone(tile, kernel_size):
    """the first channel alone"""
    side, reach = tile + kernel_size - 1, kernel_size // 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        channels, height, width = image.shape
        inside = row < height and column < width
        total = float32(0)
        for channel in range(1):
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


def one_mask(tile, kernel_size):
    """the first channel's mask for all"""
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
                        total += shared[ty + r, tx + c] * mask[0, r, c]
            cuda.syncthreads()
        if inside:
            output[row, column] = total

    return kernel


def one_picture(tile, kernel_size):
    """the first channel's picture for all"""
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
                        shared[r, c] = image[0, y, x]
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


def mean(tile, kernel_size):
    """a mean over the channels"""
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
            output[row, column] = total / channels

    return kernel
