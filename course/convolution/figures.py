"""Draws the pictures of the lecture on convolution; each gives alternative text too."""

from __future__ import annotations

import numpy as np

from course.convolution import reference
from course.style import (
    BLUE,
    ORANGE,
    VERMILION,
    number_grid,
    number_text,
    outline,
    panels,
    picture,
    sign,
)


def cross_picture(size: int = 9) -> np.ndarray:
    """A white X of ones on a ground of minus ones, (size, size), one pixel from the border."""
    inside = np.arange(1, size - 1)
    image = -np.ones((size, size))
    image[inside, inside] = image[inside, size - 1 - inside] = 1
    return image


def ring_picture(size: int = 9) -> np.ndarray:
    """An O of ones on a ground of minus ones, (size, size): a square ring without its corners."""
    image = -np.ones((size, size))
    image[[1, -2], 2:-2] = image[2:-2, [1, -2]] = 1
    return image


@picture
def sliding_sum(x, weight, t: int):
    """Show one term of the convolution of two signals: the flipped weights under the signal.

    Args:
        x: (L,), the signal.
        weight: (kW,), by age: weight[0] goes with the newest value.
        t: the moment, kW - 1 <= t < L.
    """
    figure, axes = panels(1, 3, height=5.4, sharex=True)
    now = np.arange(t - len(weight) + 1, t + 1)
    y = reference.convolve1d(np.asarray(x, float), np.asarray(weight, float), "full")[: len(x)]
    rows = [
        (np.arange(len(x)), x, BLUE, "signal  x[a]"),
        (now, weight[::-1], ORANGE, f"weights  w[{t} − a]"),
        (np.arange(len(x)), y, VERMILION, "result  y[t]"),
    ]
    for axis, (places, values, colour, label) in zip(axes, rows, strict=True):
        axis.axvspan(now[0] - 0.5, now[-1] + 0.5, color="#dddddd", zorder=0)
        lines = axis.stem(places, values, basefmt=" ")
        lines.stemlines.set_color(colour)
        lines.markerline.set_color(colour)
        axis.axhline(0, color="black", linewidth=0.8)
        axis.set_title(label, loc="left")
        for place, value in zip(places, values, strict=True):
            axis.annotate(
                number_text(value), (place, value), (6, 2), textcoords="offset points", fontsize=11
            )
        axis.margins(x=0.05, y=0.25)
    axes[2].plot([t], [y[t]], "o", color=VERMILION, markersize=11)
    axes[2].set_xlabel("time")
    return figure, (
        f"Three stem plots: the signal, the flipped weights that lie under its values {now[0]} to "
        f"{t}, and the result, whose value at {t} is {number_text(y[t])}."
    )


@picture
def window(image, kernel, row: int, column: int, *, mean: bool = False, height: float = 3.1):
    """Show one step of the two-dimensional sum: a window, the kernel, their products, the output.

    Args:
        image: (H, W).
        kernel: (kH, kW).
        row, column: where the window begins, which is the place in the output.
        mean: the output is the mean of the products, not their sum.
        height: inches.
    """
    kH, kW = kernel.shape
    y = reference.conv2d(image[None], kernel[None, None])[0] / (kernel.size if mean else 1)
    patch = image[row : row + kH, column : column + kW]
    widths = [image.shape[1], 0.6, kW, 0.6, kW, 0.6, 1.25 * y.shape[1]]
    figure, axes = panels(7, height=height, width_ratios=widths)
    number_grid(axes[0], image, "image")
    outline(axes[0], row, column, kH, kW)
    sign(axes[1], "⊙")
    number_grid(axes[2], kernel, "kernel")
    sign(axes[3], "=")
    number_grid(axes[4], patch * kernel, "products")
    sign(axes[5], "→")
    number_grid(axes[6], y, "mean of the products" if mean else "output")
    outline(axes[6], row, column)
    made = "mean" if mean else "sum"
    return figure, (
        f"A window of {kH} by {kW} at row {row}, column {column} of a {image.shape[0]} by "
        f"{image.shape[1]} picture; its products with the kernel have the {made} "
        f"{number_text(y[row, column])}, which is the output at that place."
    )


@picture
def channels(in_channels: int, size: int, out_channels: int, kernel_size: int):
    """Show the shapes of a layer: input, one kernel as deep as the input, the stack of outputs."""
    figure, axes = panels(3, height=3.4, width_ratios=[1.15, 0.8, 1.15])
    out = size - kernel_size + 1
    _stack(axes[0], in_channels, 1.0, BLUE, f"input\n{in_channels} × {size} × {size}")
    _stack(
        axes[1],
        in_channels,
        0.32,
        ORANGE,
        f"one of {out_channels} kernels\n{in_channels} × {kernel_size} × {kernel_size}",
    )
    _stack(axes[2], out_channels, 0.9, VERMILION, f"output\n{out_channels} × {out} × {out}")
    return figure, (
        f"A stack of {in_channels} planes of {size} by {size}, a kernel of {in_channels} small "
        f"planes, and a stack of {out_channels} planes of {out} by {out}: one for each kernel."
    )


def _stack(axes, planes, side, colour, title):
    for plane in range(planes):
        shift = 0.12 * plane
        square = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
        xs, ys = np.array(square).T + shift
        axes.fill(xs, ys, fc="white", ec=colour, ls="-", lw=2, zorder=planes - plane)
    axes.set(aspect="equal", xlim=(-0.1, 1.75), ylim=(-0.1, 1.75))
    axes.set_title(title)
    axes.axis("off")


@picture
def matrix_product(weight, size: int):
    """Show a convolution of a (size, size) picture as a matrix: zeros are left white and empty."""
    A = reference.conv_matrix(weight[None, None], (size, size)).toarray()
    figure, axes = panels(1, height=2.9)
    number_grid(axes[0], np.where(A == 0, np.nan, A), indices=True)
    axes[0].set(xlabel="pixel of the input, row by row", ylabel="pixel of the output")
    return figure, (
        f"A matrix of {A.shape[0]} rows and {A.shape[1]} columns. Each row holds the kernel's "
        f"{weight.size} weights, at the pixels that its window covers, and is zero elsewhere."
    )


@picture
def pictures(images, titles, alt: str, *, height: float = 3.0):
    """Show pictures side by side, in grey; where there are negative values, zero is mid-grey.

    Args:
        images: a list of (H, W), or of (H, W, 3) with values from 0 to 1.
        titles: a list of as many.
        alt: the alternative text.
    """
    figure, axes = panels(len(images), height=height)
    for axis, image, title in zip(axes, images, titles, strict=True):
        if image.ndim == 3:
            axis.imshow(image)
        else:
            high = np.abs(image).max()
            low = -high if image.min() < 0 else 0
            axis.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
        axis.set_title(title)
        axis.axis("off")
    return figure, alt
