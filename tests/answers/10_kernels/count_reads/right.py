import numpy as np


def cut_at_the_border(height, width, kernel_size, tile):
    reach = kernel_size // 2

    def along(size, step):
        return sum(min(i + step + reach, size) - max(i - reach, 0) for i in range(0, size, step))

    return (
        along(height, 1) * along(width, 1),
        along(height, tile) * along(width, tile),
        4 * (tile + kernel_size - 1) ** 2,
    )


def counted_one_by_one(height, width, kernel_size, tile):
    r = kernel_size // 2

    def axis(size, step):
        count = 0
        for start in range(0, size, step):
            for i in range(start - r, start + step + r):
                count += 0 <= i < size
        return count

    side = tile + 2 * r
    return axis(height, 1) * axis(width, 1), axis(height, tile) * axis(width, tile), 4 * side * side


def by_masks(height, width, kernel_size, tile):
    r = kernel_size // 2
    inside = np.zeros((height + 2 * r + tile, width + 2 * r + tile), int)
    inside[r : r + height, r : r + width] = 1
    naive = sum(
        inside[y : y + kernel_size, x : x + kernel_size].sum()
        for y in range(height)
        for x in range(width)
    )
    side = tile + kernel_size - 1
    tiled = sum(
        inside[y : y + side, x : x + side].sum()
        for y in range(0, height, tile)
        for x in range(0, width, tile)
    )
    return int(naive), int(tiled), side * side * 4


def sets_of_indices(height, width, kernel_size, tile):
    half = (kernel_size - 1) // 2

    def reads(size, threads):
        picture = set(range(size))
        blocks = [set(range(i - half, i + threads + half)) for i in range(0, size, threads)]
        return sum(len(block & picture) for block in blocks)

    naive = reads(height, 1) * reads(width, 1)
    tiled = reads(height, tile) * reads(width, tile)
    return naive, tiled, (tile + 2 * half) ** 2 * 32 // 8
