"""Draws the pictures of the course in one style, safe for the colour-blind, with alternative text.

A function that draws returns its figure and the alternative text, under `@picture`:

    @picture
    def edge(image, kernel):
        figure, axes = panels(2)
        number_grid(axes[0], image, "image", scale="grey")
        number_grid(axes[1], kernel, "kernel")
        return figure, "A 6x6 image, bright on the left, and a 3x3 kernel."

Its value shows itself in a notebook; `numbered` puts a number and a caption under it. Bright is
light: a picture is grey, signed values are in colour, and what stands side by side has one scale.
`svg_grid` draws the same grids without matplotlib.
"""

from __future__ import annotations

import base64
import functools
import html
import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

# Okabe and Ito's colours, which the colour-blind tell apart; line styles differ for grey print.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, BLACK = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#8f5a7f",
    "#000000",
)
LINES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1))]
STYLE = {
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "lines.linewidth": 2,
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, VERMILION, PURPLE, BLACK])
    + cycler(linestyle=LINES),
}
# Negative is the lighter colour and positive the darker one, so that grey print keeps the sign.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#f5b041", "#ffffff", "#2270b5"])
SCALES = {"signed": SIGNED, "grey": matplotlib.colormaps["gray"]}
PIXELS_PER_INCH = 96  # of CSS
SHARPNESS = 2  # image pixels for a CSS pixel, for dense screens
NUMBER = "number in a cell"


class Picture:
    """A drawn figure with its alternative text, as a notebook shows it.

    Attributes:
        figure: the matplotlib Figure.
        alt: what a reader who does not see the picture is told.
        png: the picture as bytes.
        number, caption: what stands under it; see `numbered`.
    """

    def __init__(self, figure: Figure, alt: str):
        self.figure, self.alt = figure, alt
        self.number = self.caption = ""
        _fit_numbers(figure)
        stream = io.BytesIO()
        figure.savefig(stream, dpi=PIXELS_PER_INCH * SHARPNESS)
        self.png = stream.getvalue()

    def numbered(self, number: str, caption: str) -> Picture:
        """The same picture with a number and a caption under it.

            figures.window(image, edge, 1, 2).numbered("1.3", "The window reads a column of edges.")

        Args:
            number: as the text names it ("figure 1.3"), lecture and place in it.
            caption: what to see in the picture, in a sentence; plain text.
        """
        self.number, self.caption = number, caption
        return self

    def __repr__(self):
        named = f"Figure {self.number}: {self.caption} " if self.number else ""
        return f"{named}Picture: {self.alt}"

    def _repr_html_(self):
        width = round(self.figure.get_figwidth() * PIXELS_PER_INCH)
        data = base64.b64encode(self.png).decode()
        image = (
            f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{data}" '
            f'style="width: {width}px; max-width: 100%; background: white">'
        )
        return captioned(image, self.number, self.caption) if self.number else image


def captioned(content: str, number: str, caption: str) -> str:
    """HTML with a figure's number and caption under it; a link to `#figure-1.3` leads there."""
    return (
        f'<figure id="figure-{html.escape(number)}" style="margin: 0">{content}'
        f'<figcaption style="max-width: 60em; margin: .4em 0 1em"><b>Figure '
        f"{html.escape(number)}.</b> {html.escape(caption)}</figcaption></figure>"
    )


def picture(draw: Callable[..., tuple[Figure, str]]) -> Callable[..., Picture]:
    """Have a function that returns (figure, alternative text) draw in STYLE and give a Picture."""

    @functools.wraps(draw)
    def drawn(*args, **kwargs) -> Picture:
        with matplotlib.rc_context(STYLE):
            return Picture(*draw(*args, **kwargs))

    return drawn


def panels(
    columns: int = 1, rows: int = 1, width: float = 9, height: float = 3, **kwargs: Any
) -> tuple[Figure, list[Axes]]:
    """A figure of `width` by `height` inches (9 fill a notebook) and its axes, as a flat list.

    The figure is not pyplot's: nothing shows it twice and nothing has to close it.
    `kwargs` go to matplotlib's `Figure.subplots` (`width_ratios`, `sharey`, ...).
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.08)  # room for what a grid's title has above its box
    return figure, list(figure.subplots(rows, columns, squeeze=False, **kwargs).flat)


def number_grid(
    axes: Axes,
    values: ArrayLike,
    title: str = "",
    *,
    scale: str = "signed",
    limits: tuple[float, float] | None = None,
    indices: bool = False,
) -> None:
    """Draw a matrix as a heat map with its numbers written in.

    Args:
        axes: where to draw.
        values: (H, W); NaN is an empty cell.
        title: written above.
        scale: "signed" (orange below zero, white, blue above) or "grey" (dark to bright).
        limits: (low, high) of the colours; None fits the values.
        indices: number rows and columns, from 0.
    """
    values = np.asarray(values, dtype=float)
    rows, columns = values.shape
    low, high = limits or _limits(values, scale)
    mesh = axes.pcolormesh(
        values, cmap=SCALES[scale], vmin=low, vmax=high, edgecolors="#777777", linewidth=0.8
    )
    for (row, column), value in np.ndenumerate(values):
        text = number_text(value)
        rgb = mesh.cmap(mesh.norm(value))[:3]
        axes.text(
            *(column + 0.5, row + 0.5, text),
            ha="center",
            va="center_baseline",
            color=_ink(rgb),
            gid=NUMBER,
        )
    axes.set(title=title, aspect="equal", xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(columns) + 0.5 if indices else [], range(columns) if indices else [])
    axes.set_yticks(np.arange(rows) + 0.5 if indices else [], range(rows) if indices else [])


def outline(
    axes: Axes,
    row: float,
    column: float,
    height: float = 1,
    width: float = 1,
    colour: str = VERMILION,
) -> None:
    """Frame the cells of a `number_grid` from (row, column) on, `height` by `width` of them."""
    axes.add_patch(
        Rectangle((column, row), width, height, fill=False, edgecolor=colour, linewidth=3.5)
    )


def sign(axes: Axes, text: str, size: float = 22) -> None:
    """Fill the axes with one operator or arrow, such as "=", between two grids."""
    axes.axis("off")
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=size, transform=axes.transAxes)


def legend_beside(axes: Axes) -> None:
    """Put the legend to the right of the axes, where it hides nothing."""
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def label_ends(
    axes: Axes,
    ends: Sequence[tuple[float, float, str, str]],
    size: float = 11,
    space: float = 1.25,
) -> None:
    """Write the name of each curve at its end, so far apart that none covers another.

    Where a name has to stand far from its curve, a thin line leads to it.

    Args:
        axes: of any scale, drawn but for this.
        ends: (x, y, name, colour) of each curve's last point.
        size: of the letters, points.
        space: between the middles of two names, as a multiple of their size.
    """
    figure = axes.figure
    figure.draw_without_rendering()  # only now is it known how tall the axes are
    point = figure.dpi / 72
    ends = sorted(ends, key=lambda end: end[1])
    heights = [axes.transData.transform((x, y))[1] / point for x, y, *_ in ends]
    # Names that would meet move apart around their common middle.
    groups: list[list[float]] = []
    for place, height in enumerate(heights):
        groups.append([height - space * size * place])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    middles = [np.mean(group) for group in groups for _ in group]
    shifts = [
        middle + space * size * place - height
        for place, (height, middle) in enumerate(zip(heights, middles, strict=True))
    ]
    away = max(map(abs, shifts), default=0) > 1.5 * size  # too far to be seen as the curve's
    for (x, y, name, colour), shift in zip(ends, shifts, strict=True):
        line = {"arrowstyle": "-", "color": colour, "lw": 0.8, "relpos": (0, 0.5)}
        axes.annotate(
            *(name, (x, y), (22 if away else 7, shift)),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=size,
            annotation_clip=False,
            arrowprops=line | {"shrinkA": 0, "shrinkB": 5} if away else None,
        )


@picture
def grids(
    alt: str,
    *,
    scale: str | Sequence[str] = "signed",
    indices: bool = False,
    height: float = 3,
    **matrices: ArrayLike,
) -> tuple[Figure, str]:
    """Draw matrices in a row, each titled by its keyword ("_" reads as a space).

    Those of one kind of scale share it: the same colour is the same number.

        grids("A kernel and its flip.", kernel=weight, flipped=weight[::-1, ::-1])

    Args:
        alt: the alternative text.
        scale, indices: as in `number_grid`; `scale` may be a list, one for each matrix.
        height: inches.
        matrices: (H, W) each.
    """
    scales = [scale] * len(matrices) if isinstance(scale, str) else scale
    widths = [np.shape(matrix)[1] for matrix in matrices.values()]
    figure, axes = panels(len(matrices), height=height, width_ratios=widths)
    alike = {each: [] for each in scales}
    for matrix, one in zip(matrices.values(), scales, strict=True):
        alike[one].append(matrix)
    shared = {each: limits(*group, scale=each) for each, group in alike.items()}
    for cell, (name, matrix), one in zip(axes, matrices.items(), scales, strict=True):
        room = 100 * np.shape(matrix)[1] / sum(widths)  # characters above this matrix
        title = name.replace("_", " " if len(name) <= room else "\n")
        number_grid(cell, matrix, title, scale=one, limits=shared[one], indices=indices)
    return figure, alt


def limits(*arrays: ArrayLike, scale: str = "signed") -> tuple[float, float]:
    """The range of colours that several grids share: what stands side by side has one scale.

    It is symmetrical for "signed", so that white is zero, and never empty. NaN is left out.
    """
    known = np.concatenate([np.ravel(np.asarray(array, dtype=float)) for array in arrays])
    known = known[np.isfinite(known)]
    if scale == "signed":
        high = np.max(np.abs(known), initial=0) or 1
        return -high, high
    low, high = (known.min(), known.max()) if known.size else (0, 0)
    return (low, high) if low < high else (low - 1, high + 1)


class Cell(NamedTuple):
    """How a cell of a grid looks: its colour, the text in it, and the text's colour."""

    fill: str
    text: str = ""
    ink: str = "black"


def cells(
    values: ArrayLike,
    *,
    scale: str = "signed",
    limits: tuple[float, float] | None = None,
    numbers: bool = True,
) -> list[list[Cell]]:
    """How the cells of a grid of numbers look.

    Args:
        values: (H, W); NaN is an empty cell.
        scale: "signed" (orange below zero, white, blue above) or "grey" (dark to bright).
        limits: (low, high) of the colours; None fits the values.
        numbers: write the values in.
    """
    values = np.asarray(values, dtype=float)
    low, high = limits or _limits(values, scale)
    different, which = np.unique(values, return_inverse=True)  # few, of many cells
    rgb = SCALES[scale]((np.nan_to_num(different) - low) / (high - low))[:, :3]
    looks = [
        Cell(to_hex(colour), number_text(value) if numbers else "", _ink(colour))
        for value, colour in zip(different, rgb, strict=True)
    ]
    return [[looks[index] for index in row] for row in which.reshape(values.shape)]


def svg_grid(
    values: ArrayLike,
    label: str,
    *,
    scale: str = "signed",
    limits: tuple[float, float] | None = None,
    cell: int = 34,
    window: tuple[int, int, int, int] | None = None,
    name: str = "",
) -> str:
    """The SVG text of a grid of numbers, for a page that has no matplotlib.

    Args:
        values: (H, W); NaN is an empty cell.
        label: said to those who do not see the picture.
        scale, limits: as in `cells`.
        cell: the side of a cell, CSS pixels.
        window: (row, column, height, width) of the cells to frame, or None.
        name: CSS class of the whole; the text of cell (r, c) has `data-cell="r,c"`.
    """
    drawn = cells(values, scale=scale, limits=limits)
    return svg_cells(drawn, label, size=(cell, cell), window=window, name=name)


def svg_cells(
    drawn: Sequence[Sequence[Cell]],
    label: str,
    *,
    size: tuple[float, float] = (34, 34),
    window: tuple[int, int, int, int] | None = None,
    name: str = "",
) -> str:
    """The SVG text of a grid of cells, each of `size` (height, width); else as `svg_grid`."""
    tall, wide = size
    width, height = (len(drawn[0]) if drawn else 0) * wide + 6, len(drawn) * tall + 6
    parts = [
        f'<svg class="{name}" role="img" aria-label="{html.escape(label)}" '
        f'viewBox="-3 -3 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        'style="max-width: 100%; height: auto; background: white" '
        'font-family="sans-serif" text-anchor="middle">'
    ]
    for row, line in enumerate(drawn):
        for column, (fill, text, ink) in enumerate(line):
            x, y = column * wide, row * tall
            parts.append(
                f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{tall:g}" '
                f'fill="{fill}" stroke="#777" stroke-width=".6"/>'
            )
            if text:
                parts.append(
                    f'<text data-cell="{row},{column}" x="{x + wide / 2:g}" y="{y + tall / 2:g}" '
                    f'dy=".35em" font-size="{font_size(text, size):.1f}" '
                    f'fill="{ink}">{html.escape(text)}</text>'
                )
    if window:
        row, column, rows, columns = window
        parts.append(
            f'<rect x="{column * wide:g}" y="{row * tall:g}" width="{columns * wide:g}" '
            f'height="{rows * tall:g}" fill="none" stroke="{VERMILION}" stroke-width="4"/>'
        )
    return "".join(parts) + "</svg>"


def font_size(text: str, size: tuple[float, float]) -> float:
    """The height of a text that fits into a cell of `size` (height, width), CSS pixels."""
    tall, wide = size
    return min(14, 0.55 * tall, 1.5 * wide / max(len(text), 3.5))


def number_text(value: float, digits: int = 2) -> str:
    """A number, briefly: "24", "0.78", "−1" with a true minus, "" for NaN."""
    if np.isnan(value):
        return ""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if float(text) == round(float(text)) else text
    return "0" if text == "-0" else text.replace("-", "−")


def _fit_numbers(figure):
    """Make the numbers of a `number_grid` as large as its cells allow, 12 points at most."""
    figure.draw_without_rendering()  # only now is it known how wide the cells are
    for axes in figure.axes:
        numbers = [text for text in axes.texts if text.get_gid() == NUMBER]
        if numbers:
            left, right = axes.transData.transform([(0, 0), (1, 0)])[:, 0]
            room = 0.92 * (right - left)
            widest = max(text.get_window_extent().width / text.get_fontsize() for text in numbers)
            size = min(12.0, room / widest) if widest else 12.0
            for text in numbers:
                text.set_fontsize(size)


def _limits(values, scale):
    return limits(values, scale=scale)


def _ink(rgb) -> str:
    """Black or white, whichever stands out more: by the relative luminance of WCAG 2."""
    rgb = np.asarray(rgb)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ [0.2126, 0.7152, 0.0722] > 0.179 else "white"
