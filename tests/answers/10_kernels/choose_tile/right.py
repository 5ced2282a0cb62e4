import math


def _along(size, tile, reach):
    return sum(min(i + tile + reach, size) - max(i - reach, 0) for i in range(0, size, tile))


def smallest_of_the_best(height, width, kernel_size, shared_bytes):
    best = None
    for tile in (1, 2, 4, 8, 16, 32):
        if 4 * (tile + kernel_size - 1) ** 2 > shared_bytes:
            break
        reads = _along(height, tile, kernel_size // 2) * _along(width, tile, kernel_size // 2)
        if best is None or reads < best[0]:
            best = (reads, tile)
    if best is None:
        raise ValueError("no tile fits")
    return best[1]


def least_of_pairs(height, width, kernel_size, shared_bytes):
    r = kernel_size // 2
    fitting = [t for t in (1, 2, 4, 8, 16, 32) if 4 * (t + 2 * r) ** 2 <= shared_bytes]
    if not fitting:
        raise ValueError(f"{shared_bytes} bytes hold no tile")
    return min((_along(height, t, r) * _along(width, t, r), t) for t in fitting)[1]


def by_the_side(height, width, kernel_size, shared_bytes):
    side = math.isqrt(shared_bytes // 4)
    tiles = [2**n for n in range(6) if 2**n + kernel_size - 1 <= side]
    if not tiles:
        raise ValueError("too little shared memory")
    reach = kernel_size // 2
    counts = {t: _along(height, t, reach) * _along(width, t, reach) for t in tiles}
    return min(counts, key=counts.get)


def halved_while_as_good(height, width, kernel_size, shared_bytes):
    reach = kernel_size // 2

    def reads(tile):
        return _along(height, tile, reach) * _along(width, tile, reach)

    tile = 32
    while tile >= 1 and 4 * (tile + kernel_size - 1) ** 2 > shared_bytes:
        tile //= 2
    if tile < 1:
        raise ValueError("not even one thread fits")
    while tile > 1 and reads(tile // 2) <= reads(tile):
        tile //= 2
    return tile
