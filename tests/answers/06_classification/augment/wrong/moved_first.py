import numpy as np

DIAGNOSIS = "pictures that are moved first and mirrored then"


def augment(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        canvas = np.pad(images[n], ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
        if mirror[n]:
            moved[n] = moved[n, :, :, ::-1].copy()
    return moved
