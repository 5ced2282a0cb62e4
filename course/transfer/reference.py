"""From patches to whole pictures, in NumPy: their places, their labels, their scores at once.

Letters: n batch, c channels, k classes, (i, j) a place; boxes are (top, left, height, width).
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from course.arguments import expect_shape, integers, rank
from course.convolution.reference import conv2d

Size = int | tuple[int, int]  # along both axes


def linear_as_conv2d(weight: ndarray, in_channels: int, kernel_size: Size) -> ndarray:
    """The kernels of the convolution that does what a linear layer does to one window.

        kernels[k, c, p, q] = weight[k, (c kH + p) kW + q]

    Args:
        weight: (K, C kH kW), as torch.nn.Linear has it behind torch.nn.Flatten.
        in_channels: C, of the maps that were flattened.
        kernel_size: their size, one integer or (kH, kW).

    Returns:
        (K, C, kH, kW).

    Raises:
        ValueError: the sizes do not fit.

    Source: Long, Shelhamer, Darrell, "Fully convolutional networks for semantic segmentation"
    (2015), section 3.1.
    """
    rank("weight", weight, ["(K, C kH kW)"], ndarray)
    kh, kw = integers("kernel_size", kernel_size, 2, minimum=1)
    expect_shape("weight", weight, (len(weight), in_channels * kh * kw), "(K, C kH kW)")
    return weight.reshape(len(weight), in_channels, kh, kw)


def scores_by_window(
    x: ndarray, weight: ndarray, bias: ndarray, kernel_size: Size, stride: Size = 1
) -> ndarray:
    """The scores of every window of a picture, one window after the other.

        y[n, k, i, j] = bias[k] + sum over m of weight[k, m] window_ij[n, m]

    window_ij is the flattened window whose upper left corner is (stride i, stride j).

    Args:
        x: (N, C, H, W).
        weight: (K, C kH kW).
        bias: (K,).
        kernel_size: of the window, one integer or (kH, kW).
        stride: between windows, one integer or (sH, sW).

    Returns:
        (N, K, I, J), I = (H - kH) // sH + 1.

    Raises:
        ValueError: the sizes do not fit.
    """
    rank("x", x, ["(N, C, H, W)"], ndarray)
    kh, kw = integers("kernel_size", kernel_size, 2, minimum=1)
    sh, sw = integers("stride", stride, 2, minimum=1)
    n, c, h, w = x.shape
    if kh > h or kw > w:
        raise ValueError(f"kernel_size must be at most {h} x {w}, the picture's, got {kh} x {kw}")
    expect_shape("weight", weight, (len(weight), c * kh * kw), "(K, C kH kW)")
    y = np.empty((n, len(weight), (h - kh) // sh + 1, (w - kw) // sw + 1), x.dtype)
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            window = x[:, :, sh * i : sh * i + kh, sw * j : sw * j + kw]
            y[:, :, i, j] = window.reshape(n, -1) @ weight.T + bias
    return y


def scores_everywhere(
    x: ndarray, weight: ndarray, bias: ndarray, kernel_size: Size, stride: Size = 1
) -> ndarray:
    """What `scores_by_window` gives, by one convolution.

    Args:
        x, weight, bias, kernel_size, stride: as there.

    Returns:
        (N, K, I, J).
    """
    rank("x", x, ["(N, C, H, W)"], ndarray)
    return conv2d(x, linear_as_conv2d(weight, x.shape[1], kernel_size), bias, stride)


def patches(height: int, width: int, size: int, stride: int) -> ndarray:
    """Square patches on a regular grid, row by row; only those that lie inside whole.

        box number (i J + j) = (stride i, stride j, size, size)

    Args:
        height, width: of the picture.
        size: of a patch.
        stride: between patches; half of the size or less, as Oquab et al. have it.

    Returns:
        (I J, 4) integers.

    Raises:
        ValueError: the patch does not fit.

    Source: Oquab, Bottou, Laptev, Sivic, "Learning and transferring mid-level image representations
    using convolutional neural networks" (2014), section 3.2.
    """
    if not 1 <= size <= min(height, width):
        raise ValueError(f"size must be from 1 to {min(height, width)}, got {size}")
    (stride,) = integers("stride", stride, 1, minimum=1)
    tops, lefts = range(0, height - size + 1, stride), range(0, width - size + 1, stride)
    return np.array([(top, left, size, size) for top in tops for left in lefts])


def intersections(boxes1: ndarray, boxes2: ndarray) -> ndarray:
    """The pixels that two boxes share, of every pair.

    Args:
        boxes1: (P, 4).
        boxes2: (B, 4).

    Returns:
        (P, B) integers.
    """
    for name, boxes in (("boxes1", boxes1), ("boxes2", boxes2)):
        expect_shape(name, boxes, (len(boxes), 4), "(top, left, height, width)")
    boxes1, boxes2 = boxes1[:, None], boxes2[None]
    first = np.maximum(boxes1[..., :2], boxes2[..., :2])
    last = np.minimum(boxes1[..., :2] + boxes1[..., 2:], boxes2[..., :2] + boxes2[..., 2:])
    return np.maximum(last - first, 0).prod(-1)


def label_patches(patches: ndarray, boxes: ndarray, classes: ndarray, background: int) -> ndarray:
    """Which class a patch shows: an object's, the background's, or none that is clear (-1).

        background   the patch shares no pixel with any object
        class of b   it shares pixels with b alone, P ∩ B >= 0.2 P and P ∩ B >= 0.6 B
        -1           all others: not to learn from

    Args:
        patches: (P, 4).
        boxes: (B, 4), of the objects.
        classes: (B,) integers.
        background: the number of the class that is added for "nothing here".

    Returns:
        (P,) integers.

    Source: Oquab et al. (2014), section 3.2.
    """
    expect_shape("classes", classes, (len(boxes),), "one for each box")
    labels = np.full(len(patches), background)
    if not len(boxes):
        return labels
    shared = intersections(patches, boxes)
    for p, (patch, pixels) in enumerate(zip(patches, shared, strict=True)):
        touched = np.flatnonzero(pixels)
        if len(touched) == 0:
            continue
        b = touched[0]
        area, size = patch[2] * patch[3], boxes[b, 2] * boxes[b, 3]
        # 0.2 and 0.6 of them, in integers: just enough is enough, whatever the sizes are.
        enough = 5 * pixels[b] >= area and 5 * pixels[b] >= 3 * size
        labels[p] = classes[b] if len(touched) == 1 and enough else -1
    return labels
