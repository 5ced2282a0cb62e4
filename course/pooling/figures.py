"""Draws the pictures of pooling: what a window keeps, and where its gradient goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from course.arguments import Size
from course.pooling import reference
from course.style import (
    BLACK,
    BLUE,
    LINES,
    ORANGE,
    PURPLE,
    VERMILION,
    label_ends,
    number_grid,
    number_text,
    outline,
    panels,
    picture,
    sign,
)


class Route(NamedTuple):
    """A pooling of one plane, and the gradient that one of its outputs sends back.

    Attributes:
        y: (I, J), the output.
        share: (H, W), d y[place] / dx.
        window: (row, column, height, width) of what y[place] reads, in x.
    """

    y: np.ndarray
    share: np.ndarray
    window: tuple[int, int, int, int]


class Routes(NamedTuple):
    """A pooling of one plane, and the gradients that all of its outputs send back.

    Attributes:
        y: (I, J), the output.
        share: (I, J, H, W), d y[i, j] / dx.
    """

    y: np.ndarray
    share: np.ndarray


POOLINGS = {
    "maximum": (reference.max_pool2d, reference.max_pool2d_backward),
    "average": (reference.avg_pool2d, reference.avg_pool2d_backward),
    "weighted average": (reference.weighted_avg_pool2d, reference.weighted_avg_pool2d_backward),
}

LP = (reference.lp_pool2d, reference.lp_pool2d_backward)


def route(
    x: np.ndarray,
    kernel_size: Size,
    stride: Size,
    place: tuple[int, int],
    pooling: str = "maximum",
    p: float = 2.0,
) -> Route:
    """Pool one plane and send a gradient of 1 back from one output.

    Args:
        x: (H, W).
        kernel_size, stride: integers.
        place: (i, j) in the output.
        pooling: "maximum", "average", "weighted average" or "Lp".
        p: of Lp.

    Raises:
        ValueError: the window does not fit.
    """
    found = routes_of(x, kernel_size, stride, pooling, p)
    i, j = place
    window = (i * stride, j * stride, kernel_size, kernel_size)
    return Route(found.y, found.share[i, j], window)


def routes_of(
    x: np.ndarray, kernel_size: Size, stride: Size, pooling: str = "maximum", p: float = 2.0
) -> Routes:
    """Pool one plane and send a gradient of 1 back from each output by itself; as `route`."""
    plane = np.asarray(x, float)[None]
    forward, backward = POOLINGS.get(pooling, LP)
    power = (p,) if pooling == "Lp" else ()
    y = forward(plane, *power, kernel_size, stride)[0]
    # As many copies of the plane as there are outputs, each with the gradient of one of them.
    ones = np.eye(y.size).reshape(y.size, *y.shape)
    planes = np.repeat(plane, y.size, axis=0)
    share = backward(ones, planes, *power, kernel_size, stride)
    return Routes(y, share.reshape(*y.shape, *plane.shape[1:]))


@picture
def routes(
    x: np.ndarray,
    kernel_size: Size,
    stride: Size,
    place: tuple[int, int],
    poolings: Mapping[str, tuple[str, float]],
    height: float = 2.6,
) -> tuple[Figure, str]:
    """Show the input with a window, and how each pooling shares that window's gradient.

    Args:
        x: (H, W).
        kernel_size, stride, place: as for `route`.
        poolings: {title: (name, p)} with the names of `route`.
        height: inches.
    """
    figure, axes = panels(1 + len(poolings), height=height)
    told = []
    for axis, (title, (name, p)) in zip(axes[1:], poolings.items(), strict=True):
        found = route(x, kernel_size, stride, place, name, p)
        number_grid(axis, found.share, title, limits=(-1, 1))
        outline(axis, *found.window)
        places = [f"{tuple(map(int, at))}" for at in np.argwhere(np.abs(found.share) > 1e-9)]
        told.append(f"{title}: to {', '.join(places)}")
    number_grid(axes[0], x, "input")
    outline(axes[0], *found.window)
    return figure, (
        f"An input of {x.shape[0]} by {x.shape[1]} with a window, and the gradient that the "
        f"window's output sends back. {'; '.join(told)}."
    )


@picture
def summed(
    x: np.ndarray, grad_output: np.ndarray, kernel_size: Size, stride: Size, height: float = 2.6
) -> tuple[Figure, str]:
    """Show maximum pooling with overlap: input, output, gradient in, gradient out.

    Args:
        x: (H, W).
        grad_output: (I, J).
        kernel_size, stride: integers.
        height: inches.
    """
    y = reference.max_pool2d(x[None], kernel_size, stride)[0]
    grad_x = reference.max_pool2d_backward(grad_output[None], x[None], kernel_size, stride)[0]
    widths = [x.shape[1], 0.7, y.shape[1], 0.7, y.shape[1], 0.7, x.shape[1]]
    figure, axes = panels(7, height=height, width_ratios=widths)
    parts = [(x, "input"), "→", (y, "output"), "|", (grad_output, "gradient of it"), "→"]
    for axis, part in zip(axes, [*parts, (grad_x, "gradient of the input")], strict=True):
        if isinstance(part, str):
            sign(axis, "" if part == "|" else part)
        else:
            number_grid(axis, *part)
    return figure, (
        "Maximum pooling and its gradient: each gradient goes to the pixel that won its window; "
        f"the largest sum is {grad_x.max():g}."
    )


@picture
def winners(
    v: np.ndarray, grad_v: np.ndarray, kernel_size: Size, height: float = 2.3
) -> tuple[Figure, str]:
    """Show the windows of a signal, side by side, and the gradient that each winner gets.

    Args:
        v: (L,), the signal.
        grad_v: (L,), zero but for the winners.
        kernel_size: of the windows, which do not overlap.
        height: inches.
    """
    figure, axes = panels(1, 2, height=height)
    for axis, row, title in zip(axes, (v, grad_v), ("v", "dE/dv"), strict=True):
        number_grid(axis, row[None], title)
        for start in range(0, len(v) - kernel_size + 1, kernel_size):
            outline(axis, 0, start, 1, kernel_size, colour=BLACK)
        for place in np.flatnonzero(grad_v):
            outline(axis, 0, place)
    return figure, (
        f"{len(v)} values in windows of {kernel_size}, the largest of each window framed; below, "
        "the gradient by each value: zero but for the framed ones."
    )


@picture
def slopes(values: Sequence[float], ps: Sequence[float], height: float = 3.2) -> tuple[Figure, str]:
    """Show how the gradient of one window is shared as p grows from the sum to the maximum.

    Args:
        values: the window.
        ps: the powers, rising.
        height: inches.
    """
    window = np.asarray(values, float)[None, None, None]
    shares = np.array(
        [
            reference.lp_pool2d_backward(
                np.ones((1, 1, 1, 1)), window, float(p), (1, len(values))
            ).ravel()
            for p in ps
        ]
    )
    figure, axes = panels(height=height)
    ends = []
    for share, value, colour, style in zip(
        shares.T, values, [BLUE, ORANGE, VERMILION, BLACK, PURPLE], LINES, strict=False
    ):
        axes[0].plot(ps, share, color=colour, ls=style)
        ends.append((ps[-1], share[-1], f"x = {number_text(value)}", colour))
    axes[0].axhline(0, color="black", linewidth=0.8)
    axes[0].set(xscale="log", xlabel="p", ylabel="dy/dx")
    axes[0].set_xticks([1, 2, 5, 10, 50], ["1", "2", "5", "10", "50"])
    axes[0].minorticks_off()
    label_ends(axes[0], ends)
    last = ", ".join(f"{share:.2f}" for share in shares[-1])
    return figure, (
        f"The gradient of a norm over p from {ps[0]:g} to {ps[-1]:g}: equal sizes at p = 1, at the "
        f"end {last} for the values {', '.join(f'{value:g}' for value in values)}."
    )
