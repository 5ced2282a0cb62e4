import numpy as np

DIAGNOSIS = "rows and columns in each other's place"


def augment(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(columns, rows)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved
