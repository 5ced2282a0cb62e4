import numpy as np


def _refused(d, g):
    if len(g) != 3 or len(d) < 4 or len(d) % 2 == 1:
        raise ValueError("F(2, 3) takes an even line of at least 4 and a mask of 3")


def matrices(d, g):
    _refused(d, g)
    pixels = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    mask = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    outputs = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    tiles = np.stack([d[i : i + 4] for i in range(0, len(d) - 2, 2)])
    m = (tiles @ pixels.T) * (mask @ g)
    return m, (m @ outputs.T).reshape(-1)


def tile_by_tile(d, g):
    _refused(d, g)
    a, b, c = g
    products, outputs = [], []
    for i in range(0, len(d) - 2, 2):
        p, q, r, s = d[i : i + 4]
        m = [(p - r) * a, (q + r) * (a + b + c) / 2, (r - q) * (a - b + c) / 2, (q - s) * c]
        products.append(m)
        outputs += [m[0] + m[1] + m[2], m[1] - m[2] - m[3]]
    return np.array(products), np.array(outputs)


def windows(d, g):
    if g.shape != (3,):
        raise ValueError("a mask of 3 is wanted")
    if d.size < 4 or d.size % 2:
        raise ValueError("an even line is wanted")
    t = np.lib.stride_tricks.sliding_window_view(d, 4)[::2]
    sums = np.array([g[0], g.sum() / 2, g.sum() / 2 - g[1], g[2]])
    m = sums * np.column_stack(
        [t[:, 0] - t[:, 2], t[:, 1] + t[:, 2], t[:, 2] - t[:, 1], t[:, 1] - t[:, 3]]
    )
    y = np.stack([m[:, :3].sum(axis=1), m[:, 1] - m[:, 2:].sum(axis=1)], axis=1)
    return m, y.ravel()


def outputs_directly(d, g):
    _refused(d, g)
    tiles = np.stack([d[:-2:2], d[1:-2:2], d[2::2], d[3::2]], axis=1)
    p, q, r, s = tiles.T
    m = np.stack(
        [
            (p - r) * g[0],
            (q + r) * (g[0] + g[1] + g[2]) / 2,
            (r - q) * (g[0] - g[1] + g[2]) / 2,
            (q - s) * g[2],
        ],
        axis=1,
    )
    return m, np.correlate(d, g)
