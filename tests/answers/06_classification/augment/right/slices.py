import numpy as np


def augment(images, rows, columns, mirror):
    N, C, H, W = images.shape
    result = np.zeros_like(images)
    for n in range(N):
        r, c = rows[n], columns[n]
        image = images[n, ..., ::-1] if mirror[n] else images[n]
        result[n, :, max(r, 0) : H + min(r, 0), max(c, 0) : W + min(c, 0)] = image[
            :, max(-r, 0) : H - max(r, 0), max(-c, 0) : W - max(c, 0)
        ]
    return result
