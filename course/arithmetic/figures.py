"""Draws the pictures of the lecture on arithmetic; each gives alternative text too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from course.arithmetic import reference
from course.style import (
    BLACK,
    BLUE,
    ORANGE,
    VERMILION,
    label_ends,
    number_grid,
    outline,
    panels,
    picture,
    sign,
)

# What a cell of a grid is, with its colour and the mark that tells it in grey print.
PIXEL, PADDING, TAP, UNREAD, OUTSIDE = range(5)
LOOKS = {
    PIXEL: ("#ffffff", ""),
    PADDING: ("#dddddd", "0"),
    TAP: (BLUE, "•"),
    UNREAD: (ORANGE, "×"),
    OUTSIDE: ("#ffffff", "–"),
}


class Step(NamedTuple):
    """One step of a layer, for a picture: both grids, what is framed in them, and the words.

    Attributes:
        large, small: cells of the two grids, by kind; windows lie in the large one.
        under: the large grid without the window.
        reads: (o, k), the places along each axis of `large` that each window has taps at.
        window: (row, column, height, width) of the window in `large`.
        place: (row, column) of the window's number in `small`.
        titles: of the large and the small grid.
        formula: the size, with the numbers put in.
        unread: a sentence on the pixels that nothing reads; empty if there are none.
        transposed: numbers go from the small grid to the large one.
    """

    large: np.ndarray
    small: np.ndarray
    under: np.ndarray
    reads: np.ndarray
    window: tuple[int, int, int, int]
    place: tuple[int, int]
    titles: tuple[str, str]
    formula: str
    unread: str
    transposed: bool


def step(
    n: int,
    kernel_size: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    place: int = 0,
    *,
    ceil_mode: bool = False,
) -> Step:
    """One step of a window over a square picture.

    Args:
        n: pixels along each side.
        kernel_size, stride, padding, dilation: integers.
        place: which window, counted row by row; behind the last one begins again.
        ceil_mode: a pooling layer that rounds up.

    Raises:
        ValueError: the layer has no output.
    """
    k, s, p, d = kernel_size, stride, padding, dilation
    if ceil_mode:
        o = reference.pool_output_size(n, k, s, p, d, ceil_mode=True)
    else:
        o = reference.conv_output_size(n, k, s, p, d)
    e = d * (k - 1) + 1
    row, column = divmod(place % o**2, o)
    where = s * np.arange(o)[:, None] + d * np.arange(k)  # in the padded picture
    side = max(n + 2 * p, (o - 1) * s + e)
    read = np.isin(np.arange(side), where)
    inside = (np.arange(side) >= p) & (np.arange(side) < p + n)
    cells = np.full((side, side), PADDING)
    cells[n + 2 * p :] = cells[:, n + 2 * p :] = OUTSIDE
    both = np.outer(inside, inside)
    cells[both] = np.where(np.outer(read, read), PIXEL, UNREAD)[both]
    under = cells.copy()
    cells[np.ix_(where[row], where[column])] = TAP
    count = n * n - int(read[inside].sum()) ** 2
    border = 0 if ceil_mode else reference.unused_border(n, k, s, p, d)
    last = "the last row and column" if border == 1 else f"the last {border} rows and columns"
    unread = f"No window reads {count} of the {n * n} pixels" if count else ""
    unread += (f", {last} among them." if border else ".") if count else ""
    low, high = ("⌈", "⌉") if ceil_mode else ("⌊", "⌋")
    behind = n + 2 * p - e
    # Without dilation the window's extent e is the kernel's size k, and e need not be known yet.
    extent = "e" if d > 1 else "k"
    formula = f"e = d · (k − 1) + 1 = {d} · ({k} − 1) + 1 = {e},  " if d > 1 else ""
    formula += (
        f"o = {low}(n + 2P − {extent}) / s{high} + 1 = "
        f"{low}({n} + 2 · {p} − {e}) / {s}{high} + 1 = {low}{_number(behind / s)}{high} + 1 = {o}"
    )
    if ceil_mode and -(-behind // s) + 1 != o:
        formula = formula.removesuffix(f" = {o}") + (
            f", less 1, for the last window would start behind the picture: {o}"
        )
    return Step(
        cells,
        _one_of(o, row, column),
        under,
        where,
        (s * row, s * column, e, e),
        (row, column),
        (f"input, {n} × {n}" + (f" with padding {p}" if p else ""), f"output, {o} × {o}"),
        formula,
        unread,
        transposed=False,
    )


def transposed_step(
    n: int,
    kernel_size: int,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
    place: int = 0,
) -> Step:
    """One step of a transposed layer: a pixel of a square picture paints its window.

    Args:
        n: pixels along each side of what comes in.
        kernel_size, stride, padding, output_padding, dilation: integers.
        place: which pixel, counted row by row; behind the last one begins again.

    Raises:
        ValueError: the layer has no output.
    """
    k, s, p, d, extra = kernel_size, stride, padding, dilation, output_padding
    o = reference.conv_transpose_output_size(n, k, s, p, extra, d)
    e = d * (k - 1) + 1
    row, column = divmod(place % n**2, n)
    where = s * np.arange(n)[:, None] + d * np.arange(k)
    side = max(o + 2 * p, (n - 1) * s + e)
    written = np.isin(np.arange(side), where)
    kept = (np.arange(side) >= p) & (np.arange(side) < p + o)
    cells = np.full((side, side), OUTSIDE)
    both = np.outer(kept, kept)
    cells[both] = np.where(np.outer(written, written), PIXEL, UNREAD)[both]
    under = cells.copy()
    cells[np.ix_(where[row], where[column])] = TAP
    count = o * o - int(written[kept].sum()) ** 2
    return Step(
        cells,
        _one_of(n, row, column),
        under,
        where,
        (s * row, s * column, e, e),
        (row, column),
        (f"output, {o} × {o}" + (f", {p} cut off each side" if p else ""), f"input, {n} × {n}"),
        f"o = (n − 1) · s − 2P + d · (k − 1) + output_padding + 1 = "
        f"({n} − 1) · {s} − 2 · {p} + {d} · ({k} − 1) + {extra} + 1 = {o}",
        f"No tap writes {count} of the {o * o} pixels: only the bias gets there." if count else "",
        transposed=True,
    )


def _one_of(size: int, row: int, column: int) -> np.ndarray:
    cells = np.full((size, size), PIXEL)
    cells[row, column] = TAP
    return cells


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


@picture
def stepping(shown: Step, height: float = 3.6) -> tuple[Figure, str]:
    """Show a `step` or a `transposed_step`: the two grids and the formula under them."""
    grids, titles = [shown.large, shown.small], list(shown.titles)
    frames = [shown.window, (*shown.place, 1, 1)]
    if shown.transposed:
        grids, titles, frames = grids[::-1], titles[::-1], frames[::-1]
    figure, axes = panels(3, height=height, width_ratios=[4, 1, 4])
    for axis, cells, title, frame in zip(axes[::2], grids, titles, frames, strict=True):
        _cells(axis, cells, title)
        outline(axis, *frame)
    sign(axes[1], "→")
    figure.supxlabel(
        "\n".join(filter(None, [shown.formula.replace(",  ", "\n"), shown.unread])), fontsize=11
    )
    at = f"row {shown.place[0]}, column {shown.place[1]}"
    made = "painted by the input pixel" if shown.transposed else "read for the output"
    return figure, (
        f"Two grids, {titles[0]} and {titles[1]}; framed is the window {made} at {at}. "
        f"{shown.formula}. {shown.unread}"
    ).strip()


def _cells(axes, cells, title):
    """Draw a grid of cells by their kinds, with their marks."""
    number_grid(axes, np.full(cells.shape, np.nan), title)
    for (row, column), kind in np.ndenumerate(cells):
        colour, mark = LOOKS[kind]
        axes.fill(
            column + np.array([0, 1, 1, 0]),
            row + np.array([0, 0, 1, 1]),
            facecolor=colour,
            edgecolor="#777777",
            linestyle="-",
            linewidth=0.8,
        )
        axes.text(
            *(column + 0.5, row + 0.5, mark),
            ha="center",
            va="center_baseline",
            color="white" if kind == TAP else "black",
        )


@picture
def strip(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> tuple[Figure, str]:
    """Show all windows along one axis, one below the other, under the padded pixels.

    Args:
        n, kernel_size, stride, padding, dilation: integers.
    """
    where = reference.windows(n, kernel_size, stride, padding, dilation)
    counts = reference.read_counts(n, kernel_size, stride, padding, dilation)
    o, unused = len(where), int((counts == 0).sum())
    cells = np.full((o + 1, n + 2 * padding), np.nan)
    figure, (axes,) = panels(
        1, width=min(9, 1.6 + 0.42 * cells.shape[1]), height=0.9 + 0.36 * (o + 1)
    )
    kinds = np.full(cells.shape, PIXEL)
    kinds[0, :padding] = kinds[0, padding + n :] = PADDING
    kinds[0, padding : padding + n][counts == 0] = UNREAD
    for i, taps in enumerate(where):
        kinds[i + 1, taps + padding] = TAP
    _cells(axes, kinds, "")
    for i, taps in enumerate(where):
        outline(axes, i + 1, taps[0] + padding, 1, taps[-1] - taps[0] + 1)
    axes.set_yticks(np.arange(o + 1) + 0.5, ["input", *(f"output {i}" for i in range(o))])
    axes.set_xticks(np.arange(cells.shape[1]) + 0.5, range(-padding, n + padding))
    axes.set_xlabel("pixel")
    return figure, (
        f"{n} pixels in a row with {padding} zeros on each side, and below them {o} windows of "
        f"{kernel_size} taps, each {stride} further to the right; pixels in no window: {unused}."
    )


@picture
def counts(
    size: int, settings: Mapping[str, Mapping[str, Any]], height: float = 3.2
) -> tuple[Figure, str]:
    """Show how often each pixel of a square picture is read.

    Args:
        size: pixels along each side.
        settings: {title: options of `reference.read_counts`}; with `transposed=True`, how often
            each output pixel of a transposed layer of that input size is written.
        height: inches.
    """
    figure, axes = panels(len(settings), height=height)
    said = []
    for axis, (title, options) in zip(axes, settings.items(), strict=True):
        options = dict(options)
        if options.pop("transposed", False):
            n = reference.conv_transpose_output_size(size, **options)
        else:
            n = size
        along = reference.read_counts(n, **options)
        number_grid(
            axis,
            np.outer(along, along),
            title,
            limits=(-(along.max() ** 2) * 1.3, along.max() ** 2 * 1.3),
        )
        said.append(f"{title}: along one axis {' '.join(map(str, along))}")
    return figure, "Grids that say how often each pixel takes part. " + "; ".join(said) + "."


@picture
def fields(
    layers: Sequence[reference.Layer], outputs: int = 3, height: float = 3.0
) -> tuple[Figure, str]:
    """Show what the outputs of a chain see, along one axis: a row of cells for each layer.

    The first output's field is marked from the last layer down to the picture.

    Args:
        layers: convolutions and pooling without padding, integers for sizes.
        outputs: how many outputs of the last layer to draw.
        height: inches.
    """
    sizes = [outputs]
    for layer in reversed(layers):
        e = layer.dilation * (layer.kernel_size - 1) + 1
        sizes.append((sizes[-1] - 1) * layer.stride + e)
    sizes.reverse()
    grown = [reference.Field(1, 1, 0), *reference.receptive_field(layers)]
    figure, (axes,) = panels(1, height=height)
    seen = {0}
    for level in range(len(layers), -1, -1):
        field = grown[level]
        for i in range(sizes[level]):
            middle = field.start + i * field.jump + field.size / 2
            xs = middle + 0.46 * np.array([-1, 1, 1, -1])
            ys = level + np.array([0.22, 0.22, -0.22, -0.22])
            inside = i in seen
            axes.fill(xs, ys, fc=BLUE if inside else "white", ec=BLACK, ls="-", lw=1)
        if level:
            layer = layers[level - 1]
            below = {
                layer.stride * i + layer.dilation * t
                for i in seen
                for t in range(layer.kernel_size)
            }
            for i in seen:
                here = field.start + i * field.jump + field.size / 2
                for t in range(layer.kernel_size):
                    j = layer.stride * i + layer.dilation * t
                    before = grown[level - 1]
                    there = before.start + j * before.jump + before.size / 2
                    axes.plot(
                        [here, there],
                        [level - 0.22, level - 0.78],
                        "-",
                        color=VERMILION,
                        linewidth=1,
                    )
            seen = below
    names = ["picture", *map(_layer_name, layers)]
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(np.arange(sizes[0]) + 0.5, range(sizes[0]))
    axes.set(xlabel="pixel", ylim=(-0.4, len(layers) + 0.4), xlim=(-0.2, sizes[0] + 0.2))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    last = grown[-1]
    return figure, (
        f"{len(names)} rows of cells, the picture at the bottom. Lines lead from the first output "
        f"of the last layer down to the {last.size} pixels that it sees; the next output's field "
        f"is moved by {last.jump}."
    )


def _layer_name(layer) -> str:
    stride = f", stride {layer.stride}" if layer.stride > 1 else ""
    return f"{layer.name or layer.kind} {layer.kernel_size}{stride}"


@picture
def growth(rows: reference.Trace, title: str) -> tuple[Figure, str]:
    """Show how the receptive field grows along a net, against the size of its input.

    Args:
        rows: a `reference.Trace` with equal sizes along both axes.
        title: the net's name.
    """
    figure, (axes,) = panels(1, height=3.4)
    sizes = [row.field.size[0] for row in rows]
    last, picture_size = len(rows) - 1, rows[0].shape[1]
    axes.plot(range(len(rows)), sizes, "o-", color=BLUE)
    axes.plot([0, last], [picture_size] * 2, color=BLACK, linestyle="--")
    names = [row.name for row in rows]
    axes.set_xticks(range(len(rows)), names, rotation=60, ha="right", rotation_mode="anchor")
    axes.set(ylabel="pixels", title=title, ylim=(0, 1.15 * max(*sizes, picture_size)))
    label_ends(axes, [(last, picture_size, "picture", BLACK), (last, sizes[-1], "field", BLUE)])
    return figure, (
        f"{title}: the receptive field grows from {sizes[0]} to {sizes[-1]} pixels, layer by "
        f"layer; the picture has {picture_size}."
    )


@picture
def effective(weights: Mapping[str, np.ndarray], height: float = 3.2) -> tuple[Figure, str]:
    """Show how much the pixels of receptive fields weigh: each as a picture, and all in profile.

    Args:
        weights: {title: (size, size) array}, summing to 1 each.
        height: inches.
    """
    figure, axes = panels(len(weights) + 1, height=height, width_ratios=[1] * len(weights) + [1.5])
    *images, profile = axes
    widest = max(map(len, weights.values())) / 2
    for place, (axis, (title, each)) in enumerate(zip(images, weights.items(), strict=True)):
        axis.imshow(each, cmap="gray", vmin=0, interpolation="nearest")
        axis.set_title(f"{title}\n{each.shape[0]} × {each.shape[0]} pixels")
        axis.set_xticks([])
        axis.set_yticks([])
        axis.spines[:].set_visible(True)
        along = each.sum(axis=0) / each.sum(axis=0).max()
        (curve,) = profile.plot(np.arange(len(along)) - len(along) // 2, along)
        height_of_name = 0.9 - 0.25 * place
        reached = np.flatnonzero(along >= height_of_name)[-1] - len(along) // 2
        profile.annotate(
            title,
            (reached, along[reached + len(along) // 2]),
            (widest * 0.55, height_of_name),
            va="center",
            fontsize=11,
            color=curve.get_color(),
            arrowprops={"arrowstyle": "-", "color": curve.get_color(), "lw": 0.8},
        )
    profile.set(xlabel="pixels from the centre", ylabel="weight of the column", ylim=(0, 1.05))
    profile.set_xlim(-widest, 1.5 * widest)  # leaves room for the names
    return figure, (
        f"{len(weights)} square receptive fields, {', '.join(weights)}: bright in the middle and "
        "dark towards the border; in profile each is a bell that is narrower than its field."
    )
