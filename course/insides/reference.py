"""Ways back from a unit to the pixels, in NumPy: projection, three rules at a rectifier, occlusion.

Letters: n batch, c channels, (i, j) a place. `x` is what a layer read on the way forward.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import ndarray

from course.arguments import expect_shape, integers, rank
from course.convolution.reference import conv2d, conv_transpose2d
from course.pooling.reference import max_pool2d

RULES = ("gradient", "deconvnet", "guided")


def max_unpool2d(x: ndarray, indices: ndarray, output_size: tuple[int, int]) -> ndarray:
    """Put each value back to where it won its window; all else is zero.

        y[n, c].flat[indices[n, c, i, j]] = x[n, c, i, j]

    Windows of the pooling must not overlap: a place that won twice would need two values.

    Args:
        x: (N, C, I, J).
        indices: (N, C, I, J) integers, the winners' places in the flattened picture, as
            `max_pool2d(..., return_indices=True)` gives them.
        output_size: (H, W) of the picture that was pooled.

    Returns:
        (N, C, H, W).

    Raises:
        ValueError: shapes do not fit, or an index lies outside.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014),
    section 2.1, "switches".
    """
    rank("x", x, ["(N, C, H, W)"], ndarray)
    expect_shape("indices", indices, x.shape, "that of x")
    h, w = integers("output_size", output_size, 2, minimum=1)
    if x.size and not 0 <= indices.min() <= indices.max() < h * w:
        raise ValueError(f"indices must lie in the picture of {h} x {w}, got {indices.max()}")
    y = np.zeros((*x.shape[:2], h * w), x.dtype)
    n, c = np.indices(x.shape)[:2]
    y[n, c, indices] = x
    return y.reshape(*x.shape[:2], h, w)


def relu_backward(grad_output: ndarray, x: ndarray, rule: str = "gradient") -> ndarray:
    """Go back through a rectifier by one of three rules.

        gradient   g where x > 0                 what the derivative is
        deconvnet  g where g > 0                 what a rectifier does to the signal on its way back
        guided     g where x > 0 and g > 0       both

    Args:
        grad_output: any shape, what comes from above.
        x: the same shape, what the rectifier read.
        rule: one of the three.

    Returns:
        The same shape.

    Raises:
        ValueError: shapes differ, or an unknown rule.

    Source: Springenberg et al., "Striving for simplicity: the all convolutional net" (2014),
    figure 1.
    """
    expect_shape("grad_output", grad_output, x.shape, "that of x")
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    passed = np.ones(x.shape, bool)
    if rule in ("gradient", "guided"):
        passed &= x > 0
    if rule in ("deconvnet", "guided"):
        passed &= grad_output > 0
    return np.where(passed, grad_output, 0)


class Stage(NamedTuple):
    """What a stage (convolution, rectifier, 2x2 pooling) read and gave on the way forward.

    Attributes:
        before: (N, O, H, W), what the rectifier read.
        indices: (N, O, H // 2, W // 2), the winners of the pooling.
        output: (N, O, H // 2, W // 2).
    """

    before: ndarray
    indices: ndarray
    output: ndarray


def stage(x: ndarray, weight: ndarray) -> Stage:
    """Convolution that keeps the size, rectifier, maximum of 2 x 2.

    Args:
        x: (N, C, H, W), H and W at least 2.
        weight: (O, C, k, k), k odd.
    """
    before = conv2d(x, weight, padding=weight.shape[-1] // 2)
    output, indices = max_pool2d(np.maximum(before, 0), 2, return_indices=True)
    return Stage(before, indices, output)


def stage_backward(
    grad_output: ndarray, done: Stage, weight: ndarray, rule: str = "deconvnet"
) -> ndarray:
    """Lead a signal back through a stage: unpool by the switches, rectify, transposed filters.

    With the rule "gradient" this is the derivative; with "deconvnet" the projection of Zeiler and
    Fergus.

    Args:
        grad_output: (N, O, H // 2, W // 2).
        done: what `stage` gave.
        weight: the stage's.
        rule: of `relu_backward`.

    Returns:
        (N, C, H, W), where the stage read.

    Source: Zeiler and Fergus (2014), figure 1.
    """
    unpooled = max_unpool2d(grad_output, done.indices, done.before.shape[2:])
    rectified = relu_backward(unpooled, done.before, rule)
    return conv_transpose2d(rectified, weight, padding=weight.shape[-1] // 2)


def occluded(x: ndarray, size: int, stride: int, value: float = 0.0) -> ndarray:
    """Copies of a picture, each with one square blanked out.

        copies[i, j] = x, but `value` in rows stride i to stride i + size - 1, columns likewise

    Args:
        x: (C, H, W).
        size, stride: of the square, in pixels; only squares that lie inside whole.
        value: what the square is filled with.

    Returns:
        (I, J, C, H, W), one copy for each place of the square.

    Raises:
        ValueError: the square does not fit.

    Source: Zeiler and Fergus (2014), section 4.2.
    """
    rank("x", x, ["(C, H, W)"], ndarray)
    (size,) = integers("size", size, 1, minimum=1)
    (stride,) = integers("stride", stride, 1, minimum=1)
    c, h, w = x.shape
    if size > min(h, w):
        raise ValueError(f"size must be at most {min(h, w)}, the picture's, got {size}")
    count_i, count_j = (h - size) // stride + 1, (w - size) // stride + 1
    copies = np.broadcast_to(x, (count_i, count_j, c, h, w)).copy()
    for i in range(count_i):
        for j in range(count_j):
            copies[i, j, :, stride * i : stride * i + size, stride * j : stride * j + size] = value
    return copies


def occlusion_map(drops: ndarray, input_size: tuple[int, int], size: int, stride: int) -> ndarray:
    """Give each pixel the mean drop of the squares that covered it; 0 where none did.

    Args:
        drops: (I, J), how much the score fell at each place of the square.
        input_size: (H, W) of the picture.
        size, stride: of the square.

    Returns:
        (H, W).
    """
    h, w = input_size
    total, count = np.zeros((h, w)), np.zeros((h, w))
    for (i, j), drop in np.ndenumerate(drops):
        covered = (slice(stride * i, stride * i + size), slice(stride * j, stride * j + size))
        total[covered] += drop
        count[covered] += 1
    return np.where(count > 0, total / np.maximum(count, 1), 0.0)


def share_in_box(values: ndarray, box: tuple[int, int, int, int]) -> float:
    """How much of a map lies inside a box: sum of magnitudes inside over sum of all.

    Args:
        values: (H, W), any sign.
        box: (top, left, height, width).

    Returns:
        A number from 0 to 1; 0 for a map of zeros.
    """
    top, left, height, width = box
    inside = np.abs(values[top : top + height, left : left + width]).sum()
    total = np.abs(values).sum()
    return float(inside / total) if total else 0.0
