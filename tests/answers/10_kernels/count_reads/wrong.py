import math


def _along(size, step, before, after=None):
    after = before if after is None else after
    return sum(min(i + step + after, size) - max(i - before, 0) for i in range(0, size, step))


def _right(h, w, k, t):
    r = k // 2
    naive = _along(h, 1, r) * _along(w, 1, r)
    return naive, _along(h, t, r) * _along(w, t, r), 4 * (t + k - 1) ** 2


def formula_naive(height, width, kernel_size, tile):
    """ghost cells counted, naive"""
    _, tiled, size = _right(height, width, kernel_size, tile)
    return height * width * kernel_size**2, tiled, size


def formula_tiled(height, width, kernel_size, tile):
    """ghost cells counted, tiled"""
    naive, _, size = _right(height, width, kernel_size, tile)
    blocks = math.ceil(height / tile) * math.ceil(width / tile)
    return naive, blocks * (tile + kernel_size - 1) ** 2, size


def formulas(height, width, kernel_size, tile):
    """ghost cells counted, naive and tiled"""
    blocks = math.ceil(height / tile) * math.ceil(width / tile)
    side = tile + kernel_size - 1
    return height * width * kernel_size**2, blocks * side**2, 4 * side**2


def idle_read(height, width, kernel_size, tile):
    """idle threads that read"""
    _, tiled, size = _right(height, width, kernel_size, tile)
    h, w = (math.ceil(n / tile) * tile for n in (height, width))
    return _right(h, w, kernel_size, tile)[0], tiled, size


def no_halo(height, width, kernel_size, tile):
    """tiles without their halo"""
    naive, _, size = _right(height, width, kernel_size, tile)
    return naive, height * width, size


def halo_above_alone(height, width, kernel_size, tile):
    """half a halo"""
    naive, _, size = _right(height, width, kernel_size, tile)
    r = kernel_size // 2
    return naive, _along(height, tile, r, 0) * _along(width, tile, r, 0), size


def wide_halo(height, width, kernel_size, tile):
    """a halo as wide as the mask on both sides"""
    naive, _, size = _right(height, width, kernel_size, tile)
    r = kernel_size - 1
    return naive, _along(height, tile, r) * _along(width, tile, r), size


def in_numbers(height, width, kernel_size, tile):
    """shared memory in numbers, not bytes"""
    naive, tiled, size = _right(height, width, kernel_size, tile)
    return naive, tiled, size // 4


def in_bits(height, width, kernel_size, tile):
    """shared memory in bits"""
    naive, tiled, size = _right(height, width, kernel_size, tile)
    return naive, tiled, size * 8


def tile_alone(height, width, kernel_size, tile):
    """shared memory for the tile alone"""
    naive, tiled, _ = _right(height, width, kernel_size, tile)
    return naive, tiled, 4 * tile * tile


def one_too_much(height, width, kernel_size, tile):
    """shared memory with a mask too much"""
    naive, tiled, _ = _right(height, width, kernel_size, tile)
    return naive, tiled, 4 * (tile + kernel_size) ** 2


def exchanged(height, width, kernel_size, tile):
    """naive and tiled exchanged"""
    naive, tiled, size = _right(height, width, kernel_size, tile)
    return tiled, naive, size


def in_closed_form(height, width, kernel_size, tile):
    # Right where each axis is at least half of the mask long.
    _, tiled, size = _right(height, width, kernel_size, tile)
    ghosts = (kernel_size // 2) * (kernel_size // 2 + 1)
    return (kernel_size * height - ghosts) * (kernel_size * width - ghosts), tiled, size
