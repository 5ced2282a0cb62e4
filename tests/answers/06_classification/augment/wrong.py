"""Wrong answers to `augment`, as students give them."""

import numpy as np


def always_mirrored(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def border_drawn_out(images, rows, columns, mirror):
    """a border that is drawn out"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)), mode="edge")
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def changes_images(images, rows, columns, mirror):
    H, W = images.shape[2:]
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        images[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return images


def columns_only(images, rows, columns, mirror):
    """pictures that move left and right only"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (_r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H : 2 * H, W - c : 2 * W - c]
    return moved


def exchanged(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(columns, rows)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def first_for_all(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        r, c = rows[0], columns[0]
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def moved_first(images, rows, columns, mirror):
    """pictures that are moved first and mirrored then"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        canvas = np.pad(images[n], ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
        if mirror[n]:
            moved[n] = moved[n, :, :, ::-1].copy()
    return moved


def never_mirrored(images, rows, columns, mirror):
    """pictures that are never mirrored"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def never_moved(images, rows, columns, mirror):
    """pictures that are never moved"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (_r, _c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = image
    return moved


def never_up_or_left(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(abs(rows), abs(columns))):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def opposite(images, rows, columns, mirror):
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H + r : 2 * H + r, W + c : 2 * W + c]
    return moved


def rolled(images, rows, columns, mirror):
    """a picture that comes in again on the other side"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        moved[n] = np.roll(image, (r, c), axis=(1, 2))
    return moved


def rows_only(images, rows, columns, mirror):
    """pictures that move up and down only"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, _c) in enumerate(zip(rows, columns)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W : 2 * W]
    return moved


def turned(images, rows, columns, mirror):
    """pictures turned by half a turn"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, ::-1, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved


def upside_down(images, rows, columns, mirror):
    """pictures mirrored upside down"""
    H, W = images.shape[2:]
    moved = np.zeros_like(images)
    for n, (r, c) in enumerate(zip(rows, columns)):
        image = images[n, :, ::-1] if mirror[n] else images[n]
        canvas = np.pad(image, ((0, 0), (H, H), (W, W)))
        moved[n] = canvas[:, H - r : 2 * H - r, W - c : 2 * W - c]
    return moved
