import numpy as np

DIAGNOSIS = "pictures that move up and down only"


def augment(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, _c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W : 2 * W]
    return moved
