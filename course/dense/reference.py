"""A class for every pixel, in NumPy: the loss and its gradient, the score, and growing a map.

Letters: n picture, k class of K, (i, j) pixel, t = target[n, i, j] its right class, z scores,
p = softmax(z) along the classes.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from course.arguments import expect_shape, integers, numeric, rank
from course.classification.reference import log_softmax, softmax

MODES = ("nearest", "bilinear")


# --- the loss ------------------------------------------------------------------------------------


def cross_entropy(
    input: ndarray,
    target: ndarray,
    weight: ndarray | None = None,
    ignore_index: int = -100,
) -> float:
    """Give the loss of a net that says a class for every pixel.

        loss = -sum over n, i, j of weight[t] * log p[n, t, i, j]  /  sum over n, i, j of weight[t]

    A pixel whose target is ignore_index is left out of both sums.

    Args:
        input: (N, K, H, W), the scores z.
        target: (N, H, W), integers from 0 to K - 1, or ignore_index.
        weight: (K,), how much a pixel of each class counts; None is 1 for each.
        ignore_index: marks pixels of which nothing is asked, such as an outline that is unclear.

    Returns:
        A number: the mean over the pixels that count.

    Raises:
        ValueError: shapes do not fit, a target is no class, or no pixel counts.
    """
    right, counts = _counted(input, target, weight, ignore_index)
    return float(-(counts * right * log_softmax(input, 1)).sum() / counts.sum())


def cross_entropy_backward(
    grad_output: float,
    input: ndarray,
    target: ndarray,
    weight: ndarray | None = None,
    ignore_index: int = -100,
) -> ndarray:
    """Give the gradient of `cross_entropy` by the scores: said minus right, for each pixel.

        grad_z[n, k, i, j] = grad_output * weight[t] * (p[n, k, i, j] - (1 where k = t, else 0))
                             / sum over n, i, j of weight[t]

    It is 0 at pixels that are left out, and sums to 0 over the classes of each pixel.

    Args:
        grad_output: dE/dloss.
        input, target, weight, ignore_index: as in the forward pass.

    Returns:
        (N, K, H, W).
    """
    right, counts = _counted(input, target, weight, ignore_index)
    return grad_output * counts * (softmax(input, 1) - right) / counts.sum()


def _counted(input, target, weight, ignore_index) -> tuple[ndarray, ndarray]:
    """The right answer as 0 and 1, (N, K, H, W), and how much each pixel counts, (N, 1, H, W)."""
    _check_target(input, target, weight, ignore_index)
    kept = target != ignore_index
    classes = np.where(kept, target, 0)
    weight = np.ones(input.shape[1], input.dtype) if weight is None else weight
    counts = (weight[classes] * kept)[:, None]
    if counts.sum() == 0:
        raise ValueError("target must have a pixel that counts: all are ignored or weigh nothing")
    return (np.arange(input.shape[1])[:, None, None] == classes[:, None]), counts


def _check_target(input, target, weight, ignore_index) -> None:
    rank("input", input, ["(N, K, H, W)"])
    numeric("input", input, floating=True)
    n, k, h, w = input.shape
    expect_shape("target", target, (n, h, w), "a class for each pixel")
    if weight is not None:
        expect_shape("weight", weight, (k,), "a number for each class")
    wrong = (target != ignore_index) & ((target < 0) | (target >= k))
    if wrong.any():
        raise ValueError(
            f"target must hold classes from 0 to {k - 1}, or {ignore_index} for none, "
            f"got {int(target[wrong][0])}"
        )


# --- the score -----------------------------------------------------------------------------------


def confusion(
    prediction: ndarray, target: ndarray, num_classes: int, ignore_index: int = -100
) -> ndarray:
    """Count the pixels of each class that are called each class.

        counts[a, b] = how many pixels have target a and prediction b

    Counts of several pictures or batches may be added up.

    Args:
        prediction: integers from 0 to K - 1, any shape.
        target: the same shape; ignore_index where nothing is asked.
        num_classes: K.
        ignore_index: pixels that are left out.

    Returns:
        (K, K) int64, a row for each right class.

    Raises:
        ValueError: shapes differ, or a number is no class.
    """
    expect_shape("prediction", prediction, target.shape, "that of target")
    kept = target != ignore_index
    t, s = target[kept], prediction[kept]
    for name, classes in {"target": t, "prediction": s}.items():
        if classes.size and not 0 <= classes.min() <= classes.max() < num_classes:
            raise ValueError(f"{name} must hold classes from 0 to {num_classes - 1}")
    counts = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(counts, (t, s), 1)
    return counts


def intersection_over_union(
    prediction: ndarray, target: ndarray, num_classes: int, ignore_index: int = -100
) -> ndarray:
    """Give for each class how well the two masks cover each other.

        iou[k] = (pixels that are k in both) / (pixels that are k in either)

    A class that is in neither has no score: NaN. Leave it out of a mean (`numpy.nanmean`); neither
    0 nor 1 would be honest.

    Args:
        prediction, target, num_classes, ignore_index: as for `confusion`.

    Returns:
        (K,) float64, from 0 to 1 or NaN.

    Source: Jaccard (1901); as a score of masks: Everingham et al., "The PASCAL visual object
    classes challenge" (2010).
    """
    return iou_of(confusion(prediction, target, num_classes, ignore_index))


def iou_of(counts: ndarray) -> ndarray:
    """The same from the counts (K, K) of `confusion`: either is row plus column minus both.

    Returns:
        (K,) float64.
    """
    both = np.diagonal(counts).astype(float)
    either = counts.sum(0) + counts.sum(1) - both
    return np.divide(both, either, out=np.full(len(counts), np.nan), where=either > 0)


def pixel_accuracy(
    prediction: ndarray, target: ndarray, num_classes: int, ignore_index: int = -100
) -> float:
    """The share of pixels that have the right class, of those that count; NaN where none does."""
    counts = confusion(prediction, target, num_classes, ignore_index)
    return float(np.trace(counts) / counts.sum()) if counts.any() else float("nan")


# --- growing -------------------------------------------------------------------------------------


def interpolate(input: ndarray, scale_factor: int, mode: str = "nearest") -> ndarray:
    """Grow a map by a whole number, as torch.nn.functional.interpolate.

        nearest    y[u] = x[u // s]
        bilinear   y[u] = (1 - f) x[a] + f x[a + 1],   a + f = (u + 1/2) / s - 1/2

    along the rows and then along the columns. Pixels are squares: the middle of pixel u of the
    large map lies at (u + 1/2) / s of the small one. Beyond the outermost middles x stays as it is.

    Args:
        input: (N, C, H, W), floats.
        scale_factor: s, at least 1.
        mode: "nearest" or "bilinear" (torch's align_corners=False).

    Returns:
        (N, C, s H, s W).

    Raises:
        ValueError: the shape, the factor or the mode is none of these.
    """
    rank("input", input, ["(N, C, H, W)"])
    numeric("input", input, floating=True)
    (s,) = integers("scale_factor", scale_factor, 1, minimum=1)
    check_mode(mode)
    for axis in (2, 3):
        size = input.shape[axis]
        u = np.arange(s * size)
        if mode == "nearest":
            input = input.take(u // s, axis)
        else:
            place = np.clip((u + 0.5) / s - 0.5, 0, size - 1)
            a = place.astype(int)
            f = (place - a).astype(input.dtype).reshape([-1 if i == axis else 1 for i in range(4)])
            after = np.minimum(a + 1, size - 1)
            input = (1 - f) * input.take(a, axis) + f * input.take(after, axis)
    return input


def check_mode(mode: str) -> None:
    """Raise ValueError unless the mode is one of `MODES`."""
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}")


def bilinear_kernel(scale_factor: int) -> ndarray:
    """The kernel with which a transposed convolution grows a map as "bilinear" does.

    With stride s and padding s // 2 it gives the same numbers, but at the border, where it has
    nothing to mix with.

    Args:
        scale_factor: s, even.

    Returns:
        (1, 1, 2 s, 2 s), float64.

    Raises:
        ValueError: s is odd.

    Source: Long, Shelhamer and Darrell, "Fully convolutional networks for semantic segmentation"
    (2015), who begin training with it.
    """
    (s,) = integers("scale_factor", scale_factor, 1, minimum=2)
    if s % 2:
        raise ValueError(f"scale_factor must be even, got {s}")
    distance = np.abs((np.arange(2 * s) + 0.5) / s - 1)
    return ((1 - distance)[:, None] * (1 - distance))[None, None]


def unevenness(y: ndarray, border: int = 2) -> float:
    """How far a map that should be even is not: 0 where it is constant.

        (largest - smallest) / mean magnitude, of each channel; the mean over the channels

    Args:
        y: (C, H, W).
        border: pixels on each side that are left out.
    """
    inside = y[:, border : y.shape[1] - border, border : y.shape[2] - border].reshape(len(y), -1)
    size = np.abs(inside).mean(1)
    return float(((inside.max(1) - inside.min(1)) / np.where(size > 0, size, 1)).mean())
