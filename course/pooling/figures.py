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
    limits,
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
    facts = []
    for axis, (title, (name, p)) in zip(axes[1:], poolings.items(), strict=True):
        found = route(x, kernel_size, stride, place, name, p)
        number_grid(axis, found.share, title, limits=(-1, 1))
        outline(axis, *found.window)
        places = [f"{tuple(map(int, at))}" for at in np.argwhere(np.abs(found.share) > 1e-9)]
        facts.append(f"{title}: to {', '.join(places)}")
    number_grid(axes[0], x, "input")
    outline(axes[0], *found.window)
    return figure, (
        f"An input of {x.shape[0]} by {x.shape[1]} with a window, and the gradient that the "
        f"window's output sends back. {'; '.join(facts)}."
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
    values, gradients = limits(x, y), limits(grad_output, grad_x)
    parts = [
        (x, "input", values),
        "→",
        (y, "output", values),
        "",
    ]
    parts += [(grad_output, "gradient of it", gradients), "→"]
    parts += [(grad_x, "gradient of the input", gradients)]
    for axis, part in zip(axes, parts, strict=True):
        if isinstance(part, str):
            sign(axis, part)
        else:
            matrix, title, shared = part
            number_grid(axis, matrix, title, limits=shared)
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


def _connections(axis, at, kernel_size, pool, won):
    """Join the numbers of a net of one layer, and name its weights below the first column.

    Args:
        at: {"x", "u", "v", "y" or "E": the places of its numbers}.
    """
    weights = list(zip((BLUE, ORANGE, PURPLE)[:kernel_size], LINES, strict=False))

    def join(start, end, colour, **look):
        look = {"ls": "-", "lw": 1.6, "zorder": 1} | look
        axis.plot(*zip(start, end, strict=True), color=colour, **look)

    for i, end in enumerate(at["u"]):
        for p, (colour, style) in enumerate(weights):
            join(at["x"][i + p], end, colour, ls=style)
        join(end, at["v"][i], BLACK)
        j = i // pool
        join(at["v"][i], at["y"][j], VERMILION if i in won else "#aaaaaa", lw=3 if i in won else 1)
    for place in at["y"]:
        join(place, at["E"][0], BLACK)
    _, low = at["x"][-1]
    for p, (colour, _) in enumerate(weights):
        x = 0.95 + 0.46 * (p - (kernel_size - 1) / 2)
        axis.text(x, low - 0.62, f"w[{p}]", color=colour, ha="center", fontsize=10)


def _steps_and_gradients(axis, steps, top):
    """Name the steps between the columns above the net, and the gradients below it.

    Args:
        top: how high the net reaches above the middle, and as far below.
    """
    forward = {"arrowstyle": "->"}
    for column, word in enumerate(steps):
        x = 2 * column
        axis.annotate("", (x + 1.75, top + 0.7), (x + 0.25, top + 0.7), arrowprops=forward)
        axis.text(x + 1, top + 0.8, word, ha="center", va="bottom")
        back = forward | {"color": VERMILION}
        axis.annotate("", (x + 0.62, -top - 1.2), (x + 1.38, -top - 1.2), arrowprops=back)
    gradients = ["∂E/∂x", "δ = ∂E/∂u", "∂E/∂v", "∂E/∂y", "∂E/∂E = 1"]
    for column, word in enumerate(gradients):
        axis.text(2 * column, -top - 1.2, word, ha="center", va="center", color=VERMILION)


@picture
def one_layer(
    size: int, kernel_size: int, pool: int, won: Sequence[int], height: float = 4.4
) -> tuple[Figure, str]:
    """Draw a net of one layer, number by number, and the way of the gradient back through it.

    Args:
        size: of the input.
        kernel_size: of the kernel, three at most: a weight has one colour wherever it stands.
        pool: the size of the windows, which lie side by side.
        won: the winner of each window, by its place in the activation's output.
        height: inches.
    """
    figure, (axis,) = panels(height=height)
    sums = size - kernel_size + 1
    lengths = {"x": size, "u": sums, "v": sums, "y": sums // pool, "E": 1}
    at = {
        name: [(2.0 * column, (length - 1) / 2 - i) for i in range(length)]
        for column, (name, length) in enumerate(lengths.items())
    }
    _connections(axis, at, kernel_size, pool, won)
    for name, places in at.items():
        for i, (x, y) in enumerate(places):
            axis.plot([x], [y], "o", ms=27, mfc="white", mec=BLACK, mew=1.2, zorder=2)
            label = name if name == "E" else f"{name}[{i}]"
            axis.text(x, y, label, ha="center", va="center_baseline", fontsize=10, zorder=3)
    top = (size - 1) / 2
    _steps_and_gradients(axis, ["sums", "tanh", f"largest of {pool}", "cost"], top)
    axis.set(xlim=(-0.6, 8.8), ylim=(-top - 1.5, top + 1.3))
    axis.axis("off")
    return figure, (
        f"A net from left to right: {size} inputs, {sums} sums of {kernel_size} inputs each with "
        f"the same {kernel_size} weights, their {sums} activations, {sums // pool} maxima of "
        f"{pool} each, one cost. Below, from right to left, the gradients; through the maxima "
        "they pass by the winners alone."
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
