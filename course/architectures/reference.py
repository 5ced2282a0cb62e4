"""What the famous nets are built of, in NumPy: convolutions that share the work of one large one.

Letters: n batch, c and o channels in and out, (i, j) a place, (p, q) a tap. No biases: in the nets
of today a batch norm follows, which would take them away again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy import ndarray

from course.arguments import numeric, rank, same_dtype
from course.convolution.reference import conv2d
from course.pooling.reference import max_pool2d

# The kernels of an inception module, in the order of their outputs, and what squeezes before them.
BRANCHES = (("1x1", None), ("3x3", "3x3 reduce"), ("5x5", "5x5 reduce"), ("pool proj", None))


def pointwise_conv2d(x: ndarray, weight: ndarray) -> ndarray:
    """A 1x1 convolution: at each place the same linear layer on the channels.

        y[n, o, i, j] = sum over c of weight[o, c] * x[n, c, i, j]

    Args:
        x: (N, C, H, W).
        weight: (O, C).

    Returns:
        (N, O, H, W).

    Raises:
        ValueError: an axis is missing, the channels differ, or the dtypes do.

    Source: Lin, Chen, Yan, "Network in network" (2013), section 3.
    """
    arrays(ndarray, x, weight, ["(O, C)"])
    if weight.shape[1] != x.shape[1]:
        raise ValueError(
            f"weight must have {x.shape[1]} columns, one for each channel of x, "
            f"got shape {weight.shape}"
        )
    # One matrix product for each picture: its pixels are the columns.
    n, c, h, w = x.shape
    y = weight @ x.reshape(n, c, h * w)
    return y.reshape(n, len(weight), h, w)


def depthwise_separable_conv2d(x: ndarray, depthwise: ndarray, pointwise: ndarray) -> ndarray:
    """First each channel alone along the picture, then all channels at each place.

        z[n, c, i, j] = sum over p, q of depthwise[c, p, q]
                                         * x[n, c, i + p - P // 2, j + q - Q // 2]
        y[n, o, i, j] = sum over c of pointwise[o, c] * z[n, c, i, j]

    A kernel of O x C x P x Q weights becomes one of C x P x Q and one of O x C. Outside x is zero.

    Args:
        x: (N, C, H, W).
        depthwise: (C, P, Q), P and Q odd.
        pointwise: (O, C).

    Returns:
        (N, O, H, W).

    Raises:
        ValueError: an axis is missing, sizes do not fit, a kernel is even, or the dtypes differ.

    Source: Chollet, "Xception: deep learning with depthwise separable convolutions" (2016),
    section 1, without a nonlinearity between the two.
    """
    arrays(ndarray, x, depthwise, ["(C, P, Q)"])
    if len(depthwise) != x.shape[1]:
        raise ValueError(
            f"depthwise must have {x.shape[1]} kernels, one for each channel of x, "
            f"got shape {depthwise.shape}"
        )
    kernels = depthwise[:, None]
    return pointwise_conv2d(
        conv2d(x, kernels, padding=half(kernels), groups=len(kernels)), pointwise
    )


def inception(x: ndarray, weights: Mapping[str, ndarray]) -> ndarray:
    """Four branches that read the same input, behind one another along the channels.

        y = concat(relu(1x1 x), relu(3x3 relu(1x1 x)), relu(5x5 relu(1x1 x)), relu(1x1 max3x3 x))

    A branch without its squeeze reads x itself; without "pool proj" the pooled x stands as it is:
    the naive module.

    Args:
        x: (N, C, H, W).
        weights: "1x1", "3x3", "5x5", and, unless the module is naive, "3x3 reduce", "5x5 reduce"
            and "pool proj"; each (out, in, k, k).

    Returns:
        (N, sum of the branches' channels, H, W).

    Raises:
        ValueError: an unknown or missing name, or a weight that does not fit.

    Source: Szegedy et al., "Going deeper with convolutions" (2014), figure 2.
    """
    check_names(weights)
    outputs = []
    for name, squeeze in BRANCHES:
        branch = x
        if squeeze in weights:
            branch = _conv_relu(branch, weights[squeeze])
        if name == "pool proj":
            branch = max_pool2d(branch, 3, stride=1, padding=1)
        outputs.append(_conv_relu(branch, weights[name]) if name in weights else branch)
    return np.concatenate(outputs, axis=1)


def grid_reduction(x: ndarray, weight: ndarray) -> ndarray:
    """Halve the picture without a narrow place: strided convolution beside strided pooling.

        y = concat(relu(conv2d(x, weight, stride=2)), max_pool2d(x, 3, stride=2))

    Args:
        x: (N, C, H, W).
        weight: (O, C, k, k), k odd.

    Returns:
        (N, O + C, ceil(H / 2), ceil(W / 2)).

    Raises:
        ValueError: sizes do not fit, an even kernel, or the dtypes differ.

    Source: Szegedy et al., "Rethinking the inception architecture for computer vision" (2015),
    figure 10.
    """
    arrays(ndarray, x, weight, ["(O, C, k, k)"])
    convolved = conv2d(x, weight, stride=2, padding=half(weight))
    pooled = max_pool2d(x, 3, stride=2, padding=1)
    return np.concatenate([np.maximum(convolved, 0), pooled], axis=1)


def stack_weights(kernel_size: int, channels: int, small: int = 3) -> tuple[int, int]:
    """Weights of one large kernel, and of the stack of small ones that sees as much.

        one: C^2 k^2        stack: ((k - 1) / (s - 1)) C^2 s^2

    Args:
        kernel_size: k, such that (k - 1) is a multiple of (small - 1).
        channels: C, in, between and out.
        small: s, at least 2.

    Returns:
        (one, stack), without biases.

    Raises:
        ValueError: no whole number of small kernels sees as much.

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
    recognition" (2014), section 2.3.
    """
    if small < 2 or kernel_size < small or (kernel_size - 1) % (small - 1):
        raise ValueError(
            f"kernel_size must be 1 + a multiple of small - 1, got {kernel_size} and {small}"
        )
    count = (kernel_size - 1) // (small - 1)
    return channels**2 * kernel_size**2, count * channels**2 * small**2


def arrays(kind: type, x: object, weight: object, layouts: Sequence[str]) -> None:
    """Refuse what is not of this kind of array, of these shapes, and of one dtype."""
    rank("x", x, ["(N, C, H, W)"], kind)
    rank("weight", weight, layouts, kind)
    numeric("x", x)
    same_dtype(x=x, weight=weight)


def check_names(weights: Mapping[str, object]) -> None:
    """Refuse branches that the module has not, and a module that lacks one it needs."""
    known = {name for branch in BRANCHES for name in branch if name}
    needed = {"1x1", "3x3", "5x5"}
    if not needed <= set(weights) <= known:
        raise ValueError(
            f"weights must have {', '.join(sorted(needed))}, and may have "
            f"{', '.join(sorted(known - needed))}; got {', '.join(weights) or 'nothing'}"
        )


def _conv_relu(x, weight):
    return np.maximum(conv2d(x, weight, padding=half(weight)), 0)


def half(weight: ndarray) -> tuple[int, ...]:
    """The padding that keeps the size."""
    sizes = weight.shape[2:]
    if any(size % 2 == 0 for size in sizes):
        raise ValueError(f"weight must have odd kernel sizes, got {tuple(sizes)}")
    return tuple(size // 2 for size in sizes)
