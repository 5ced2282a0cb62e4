import math

_TILES = (1, 2, 4, 8, 16, 32)


def _reads(h, w, k, t):
    def along(size):
        reach = k // 2
        return sum(min(i + t + reach, size) - max(i - reach, 0) for i in range(0, size, t))

    return along(h) * along(w)


def _bytes(k, t):
    return 4 * (t + k - 1) ** 2


def _best(fitting, key):
    if not fitting:
        raise ValueError("no tile fits")
    return min(fitting, key=key)


def largest(height, width, kernel_size, shared_bytes):
    """the largest tile that fits"""
    fitting = [t for t in _TILES if _bytes(kernel_size, t) <= shared_bytes]
    if not fitting:
        raise ValueError("no tile fits")
    return fitting[-1]


def last_of_the_best(height, width, kernel_size, shared_bytes):
    """the largest tile that fits"""
    fitting = [t for t in reversed(_TILES) if _bytes(kernel_size, t) <= shared_bytes]
    return _best(fitting, lambda t: _reads(height, width, kernel_size, t))


def no_limit(height, width, kernel_size, shared_bytes):
    """a tile whatever shared memory holds"""
    return _best(_TILES, lambda t: _reads(height, width, kernel_size, t))


def tile_alone(height, width, kernel_size, shared_bytes):
    """shared memory for the tile alone"""
    fitting = [t for t in _TILES if 4 * t * t <= shared_bytes]
    return _best(fitting, lambda t: _reads(height, width, kernel_size, t))


def numbers(height, width, kernel_size, shared_bytes):
    """numbers counted for bytes"""
    fitting = [t for t in _TILES if (t + kernel_size - 1) ** 2 <= shared_bytes]
    return _best(fitting, lambda t: _reads(height, width, kernel_size, t))


def never_full(height, width, kernel_size, shared_bytes):
    """a limit that may not be reached"""
    fitting = [t for t in _TILES if _bytes(kernel_size, t) < shared_bytes]
    return _best(fitting, lambda t: _reads(height, width, kernel_size, t))


def one_too_wide(height, width, kernel_size, shared_bytes):
    """a halo as wide as the mask"""
    fitting = [t for t in _TILES if 4 * (t + kernel_size) ** 2 <= shared_bytes]
    return _best(fitting, lambda t: _reads(height, width, kernel_size, t))


def half_a_halo(height, width, kernel_size, shared_bytes):
    """half a halo"""
    fitting = [t for t in _TILES if 4 * (t + kernel_size // 2) ** 2 <= shared_bytes]
    return _best(fitting, lambda t: _reads(height, width, kernel_size, t))


def most_reads(height, width, kernel_size, shared_bytes):
    """the smallest tile"""
    fitting = [t for t in _TILES if _bytes(kernel_size, t) <= shared_bytes]
    return _best(fitting, lambda t: -_reads(height, width, kernel_size, t))


def ghosts_read(height, width, kernel_size, shared_bytes):
    """reads of ghost cells counted"""
    fitting = [t for t in _TILES if _bytes(kernel_size, t) <= shared_bytes]
    return _best(
        fitting,
        lambda t: math.ceil(height / t) * math.ceil(width / t) * (t + kernel_size - 1) ** 2,
    )


def by_the_formula(height, width, kernel_size, shared_bytes):
    """the largest tile that fits"""
    fitting = [t for t in _TILES if _bytes(kernel_size, t) <= shared_bytes]
    return _best(fitting, lambda t: (t + kernel_size - 1) ** 2 / t**2)
