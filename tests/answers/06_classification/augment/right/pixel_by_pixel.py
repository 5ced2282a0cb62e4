import numpy as np


def augment(images, rows, columns, mirror):
    N, C, H, W = images.shape
    out = np.zeros_like(images)
    for n in range(N):
        for i in range(H):
            for j in range(W):
                u, v = i - rows[n], j - columns[n]
                if 0 <= u < H and 0 <= v < W:
                    out[n, :, i, j] = images[n, :, u, W - 1 - v if mirror[n] else v]
    return out
