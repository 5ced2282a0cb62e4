import numpy as np


def augment(images, rows, columns, mirror):
    N, C, H, W = images.shape
    i = np.arange(H)[None, :] - rows[:, None]
    j = np.arange(W)[None, :] - columns[:, None]
    inside = ((i >= 0) & (i < H))[:, :, None] & ((j >= 0) & (j < W))[:, None, :]
    j = np.where(mirror[:, None], W - 1 - j, j)
    n = np.arange(N)[:, None, None]
    picked = images[n, :, (i % H)[:, :, None], (j % W)[:, None, :]]
    return np.where(inside[:, None], picked.transpose(0, 3, 1, 2), 0).astype(images.dtype)
