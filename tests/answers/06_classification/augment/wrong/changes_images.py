import numpy as np

DIAGNOSIS = None


def augment(images, rows, columns, mirror):
    H, W = images.shape[2:]
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        images[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return images
