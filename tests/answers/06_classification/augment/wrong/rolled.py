import numpy as np

DIAGNOSIS = "a picture that comes in again on the other side"


def augment(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        moved[n] = np.roll(image, (r, c), axis=(1, 2))
    return moved
