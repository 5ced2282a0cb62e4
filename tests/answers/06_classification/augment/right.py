"""Right answers to `augment`, as students give them."""

import numpy as np


def canvas(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def gather_all_at_once(images, rows, columns, mirror):
    N, C, H, W = images.shape
    i = np.arange(H)[None, :] - rows[:, None]
    j = np.arange(W)[None, :] - columns[:, None]
    inside = ((i >= 0) & (i < H))[:, :, None] & ((j >= 0) & (j < W))[:, None, :]
    j = np.where(mirror[:, None], W - 1 - j, j)
    n = np.arange(N)[:, None, None]
    picked = images[n, :, (i % H)[:, :, None], (j % W)[:, None, :]]
    return np.where(inside[:, None], picked.transpose(0, 3, 1, 2), 0).astype(images.dtype)


def pixel_by_pixel(images, rows, columns, mirror):
    N, C, H, W = images.shape
    out = np.zeros_like(images)
    for n in range(N):
        for i in range(H):
            for j in range(W):
                u, v = i - rows[n], j - columns[n]
                if 0 <= u < H and 0 <= v < W:
                    out[n, :, i, j] = images[n, :, u, W - 1 - v if mirror[n] else v]
    return out


def roll_and_blank(images, rows, columns, mirror):
    out = images.copy()
    for n in range(len(out)):
        if mirror[n]:
            out[n] = out[n, :, :, ::-1].copy()
        r, c = int(rows[n]), int(columns[n])
        out[n] = np.roll(out[n], (r, c), axis=(1, 2))
        if r > 0:
            out[n, :, :r] = 0
        elif r < 0:
            out[n, :, r:] = 0
        if c > 0:
            out[n, :, :, :c] = 0
        elif c < 0:
            out[n, :, :, c:] = 0
    return out


def slices(images, rows, columns, mirror):
    N, C, H, W = images.shape
    result = np.zeros_like(images)
    for n in range(N):
        r, c = rows[n], columns[n]
        image = images[n, ..., ::-1] if mirror[n] else images[n]
        result[n, :, max(r, 0) : H + min(r, 0), max(c, 0) : W + min(c, 0)] = image[
            :, max(-r, 0) : H - max(r, 0), max(-c, 0) : W - max(c, 0)
        ]
    return result
