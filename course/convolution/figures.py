"""Draws the pictures of the lecture on convolution; each gives alternative text too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from course.convolution import reference
from course.style import (
    BLACK,
    BLUE,
    ORANGE,
    SIGNED,
    VERMILION,
    limits,
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
def sliding_sum(x: np.ndarray, weight: np.ndarray, t: int) -> tuple[Figure, str]:
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
def sliding_area(
    x: np.ndarray, weight: np.ndarray, step: float, times: Sequence[float], height: float = 4.8
) -> tuple[Figure, str]:
    """Show the integral of a convolution as an area: the flipped weights slide over the function.

    Args:
        x: (L,), a function at step / 2, 3 step / 2, ...; 0 elsewhere.
        weight: (kW,), the weights by age, likewise.
        step: between two values, seconds.
        times: three moments, multiples of the step.
        height: inches.
    """
    figure, axes = panels(2, 2, height=height)
    x, weight = np.asarray(x, float), np.asarray(weight, float)
    s = step * reference.convolve1d(x, weight)
    end = step * (len(s) + 1)
    a = step * (np.arange(-len(weight), len(s) + 1) + 0.5)
    under = np.zeros_like(a)
    under[len(weight) : len(weight) + len(x)] = x
    for axis, t in zip(axes, times, strict=False):
        now = round(t / step)
        over = np.zeros_like(a)
        over[now : now + len(weight)] = weight[::-1]
        axis.fill_between(a, under * over, color="#bbbbbb", lw=0)
        axis.plot(a, under, color=BLUE, ls="-", drawstyle="steps-mid")
        axis.plot(a, over, color=ORANGE, ls="--", drawstyle="steps-mid")
        middle = a[over > 0].mean()
        axis.text(middle, 1.08 * weight.max(), f"w({t:g} − a)", color="#9a6a00", ha="center")
        axis.text(-0.97, 0.75, f"area {s[now - 1]:.3g}")
        axis.set(title=f"t = {t:g}", xlim=(-1, end), ylim=(0, 1.35 * max(x.max(), weight.max())))
        axis.set(xlabel="a", yticks=[0, 1])
    axes[0].text(1.05, 0.85, "x(a)", color=BLUE)
    after = step * np.arange(len(s) + 2)
    axes[3].plot(after, [0, *s, 0], color=VERMILION, ls="-")
    for t in times:
        value = s[round(t / step) - 1]
        axes[3].plot([t], [value], "o", color=VERMILION)
        side = np.sign(t - step * (np.argmax(s) + 1))  # off the curve: left of a rise
        axes[3].annotate(
            *(f"{value:.3g}", (t, value), (9 * side, 6)),
            textcoords="offset points",
            ha={-1: "right", 0: "center", 1: "left"}[round(side)],
        )
    axes[3].set(title="s(t), the area", xlim=(-1, end), ylim=(0, 1.35 * s.max()), xlabel="t")
    areas = ", ".join(f"{s[round(t / step) - 1]:.3g} at {t:g}" for t in times)
    return figure, (
        "Three moments: a function of time, the flipped weights in three places over it, and the "
        f"area under their product: {areas}. Last, the area as a function of the moment."
    )


@picture
def window(
    image: np.ndarray,
    kernel: np.ndarray,
    row: int,
    column: int,
    *,
    mean: bool = False,
    height: float = 3.1,
) -> tuple[Figure, str]:
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
    number_grid(axes[0], image, "image", scale="grey")
    outline(axes[0], row, column, kH, kW)
    sign(axes[1], "⊙")
    number_grid(axes[2], kernel, "kernel")
    sign(axes[3], "=")
    shared = limits(patch * kernel, y)
    number_grid(axes[4], patch * kernel, "products", limits=shared)
    sign(axes[5], "→")
    number_grid(axes[6], y, "mean of the products" if mean else "output", limits=shared)
    outline(axes[6], row, column)
    made = "mean" if mean else "sum"
    return figure, (
        f"A window of {kH} by {kW} at row {row}, column {column} of a {image.shape[0]} by "
        f"{image.shape[1]} picture; its products with the kernel have the {made} "
        f"{number_text(y[row, column])}, which is the output at that place."
    )


@picture
def channels(
    in_channels: int, size: int, out_channels: int, kernel_size: int, height: float = 3.6
) -> tuple[Figure, str]:
    """Show a layer's channels: a patch of all input planes, one kernel as deep, one output pixel.

    Args:
        in_channels, size: planes of the input, and their height and width.
        out_channels, kernel_size: kernels, and their height and width.
        height: inches.
    """
    figure, (axis,) = panels(1, height=height)
    out = size - kernel_size + 1
    patch = max(0.3, kernel_size / size)
    ends = [
        _stack(axis, 0.0, in_channels, 1.0, BLUE, patch),
        _stack(axis, 2.15, in_channels, 0.4, ORANGE, None, up=0.35),
        _stack(axis, 3.5, out_channels, 0.85, VERMILION, 0.09),
    ]
    for (start, end), colour in zip(pairwise(ends), (ORANGE, VERMILION), strict=True):
        for row in (0, 1):
            (x0, y0), (x1, y1) = start[1][row], end[0][row]
            axis.plot([x0, x1], [y0, y1], color=colour, ls="--", lw=1.2, zorder=50)
    texts = [
        (0.5, f"input\n{in_channels} × {size} × {size}"),
        (2.35, f"one of {out_channels} kernels\n{in_channels} × {kernel_size} × {kernel_size}"),
        (3.95, f"output\n{out_channels} × {out} × {out}"),
    ]
    for x, text in texts:
        axis.text(x, -0.12, text, ha="center", va="top")
    axis.set(aspect="equal", xlim=(-0.1, 5.1), ylim=(-0.55, 1.75))
    axis.axis("off")
    return figure, (
        f"A stack of {in_channels} planes of {size} by {size} with a framed patch through all of "
        f"them; lines lead from the patch to a kernel of {in_channels} planes of {kernel_size} by "
        f"{kernel_size}, and from the kernel to one pixel of one of {out_channels} planes of {out} "
        f"by {out}."
    )


def _stack(axis, left, planes, side, colour, patch, up=0.0):
    """Draw planes one behind the other, a patch on each; where lines end and begin in front.

    Returns:
        ((lower, upper) on the left, (lower, upper) on the right) of the front plane's patch.
    """
    step = 0.5 / max(planes, 3)
    inset = 0.12 * side
    for plane in reversed(range(planes)):
        x, y = left + step * plane, up + step * plane
        axis.fill(
            *np.transpose([(x, y), (x + side, y), (x + side, y + side), (x, y + side)]),
            fc="white" if patch else "#fbe3b5",
            ec=colour,
            ls="-",
            lw=2,
            zorder=planes - plane,
        )
        if patch and (plane == 0 or colour == BLUE):
            corners = [(0, 0), (patch, 0), (patch, patch), (0, patch)]
            xs, ys = np.transpose(corners) + [[x + inset], [y + inset]]
            axis.fill(xs, ys, fc="#fbe3b5", ec=BLACK, ls="-", lw=1, zorder=planes - plane)
    if patch is None:
        return [[(left, up), (left, up + side)], [(left + side, up), (left + side, up + side)]]
    x, y = left + inset, up + inset
    return [[(x, y), (x, y + patch)], [(x + patch, y), (x + patch, y + patch)]]


@picture
def matrix_product(weight: np.ndarray, size: int) -> tuple[Figure, str]:
    """Show a convolution of a (size, size) picture as a matrix: zeros are left white and empty."""
    A = reference.conv_matrix(weight[None, None], (size, size)).toarray()
    figure, axes = panels(1, height=2.9)
    number_grid(axes[0], np.where(A == 0, np.nan, A), indices=True)
    axes[0].set_xlabel("pixel of the input, row by row")
    axes[0].set_ylabel("pixel of the output", labelpad=10)
    return figure, (
        f"A matrix of {A.shape[0]} rows and {A.shape[1]} columns. Each row holds the kernel's "
        f"{weight.size} weights, at the pixels that its window covers, and is zero elsewhere."
    )


@picture
def pictures(
    images: Sequence[np.ndarray],
    titles: Sequence[str],
    alt: str,
    *,
    columns: int | None = None,
    height: float = 3.0,
) -> tuple[Figure, str]:
    """Show pictures side by side: in grey, or in colour where there are negative values.

    Those in grey share a scale that begins at 0, those in colour one whose white is 0.

    Args:
        images: a list of (H, W), or of (H, W, 3) with values from 0 to 1.
        titles: a list of as many.
        alt: the alternative text.
        columns: pictures in a row; None puts all into one.
    """
    columns = columns or len(images)
    figure, axes = panels(columns, -(-len(images) // columns), height=height)
    planes = [image for image in images if image.ndim == 2]
    signed = [plane for plane in planes if plane.min() < 0]
    grey = [plane for plane in planes if plane.min() >= 0]
    for axis, image, title in zip(axes, images, titles, strict=True):
        if image.ndim == 3:
            axis.imshow(image)
        elif image.min() < 0:
            low, high = limits(*signed)
            axis.imshow(image, cmap=SIGNED, vmin=low, vmax=high, interpolation="nearest")
        else:
            high = max(plane.max() for plane in grey)
            axis.imshow(image, cmap="gray", vmin=0, vmax=high, interpolation="nearest")
        axis.set_title(title)
        axis.axis("off")
    return figure, alt
