import numpy as np


def augment(images, rows, columns, mirror):
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
