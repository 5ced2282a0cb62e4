"""Draws how a GPU computes a convolution: its threads, and what bounds its algorithms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.kernels.roofline import Ceilings, Load
from course.style import BLUE, LINES, ORANGE, VERMILION, label_ends, number_grid, panels, picture

IDLE, WORKING, HALO, GHOST = "#dddddd", "#7fb3d5", "#f5cf87", "#ffffff"


@picture
def threads(
    height: int, width: int, tile: int, kernel_size: int, block: tuple[int, int], inches: float = 4
) -> tuple[Figure, str]:
    """The blocks of threads over a picture, and what one block reads.

    Args:
        height, width: of the picture.
        tile: threads of a block along each axis.
        kernel_size: odd.
        block: (row, column) of the block whose halo is drawn.
        inches: height of the figure.
    """
    figure, axes = panels(height=inches)
    axis, reach = axes[0], kernel_size // 2
    rows, columns = -(-height // tile), -(-width // tile)
    top, left = block[0] * tile, block[1] * tile
    for y in range(-reach, rows * tile):
        for x in range(-reach, columns * tile):
            inside = 0 <= y < height and 0 <= x < width
            mine = top <= y < top + tile and left <= x < left + tile
            read = top - reach <= y < top + tile + reach and left - reach <= x < left + tile + reach
            thread = y >= 0 and x >= 0
            if thread or read:
                colour, hatch = _look(inside, mine, read, thread)
                look = {"facecolor": colour, "edgecolor": "#999999", "lw": 0.6, "hatch": hatch}
                axis.add_patch(Rectangle((x, y), 1, 1, **look))
    for row in range(rows):
        for column in range(columns):
            corner = (column * tile, row * tile)
            axis.add_patch(Rectangle(corner, tile, tile, fill=False, edgecolor="black", lw=2))
    axis.add_patch(Rectangle((0, 0), width, height, fill=False, edgecolor=VERMILION, lw=3))
    axis.set(
        aspect="equal",
        xlim=(-reach - 0.2, columns * tile + reach + 0.2),
        ylim=(rows * tile + reach + 0.2, -reach - 0.2),
        xlabel="column",
        ylabel="row",
        xticks=range(0, columns * tile + 1, tile),
        yticks=range(0, rows * tile + 1, tile),
    )
    axis.spines[:].set_visible(False)
    marks = [
        Rectangle((0, 0), 1, 1, label=name, facecolor=colour, edgecolor=edge, hatch=hatch, lw=line)
        for name, colour, edge, hatch, line in [
            ("the picture", "white", VERMILION, "", 3),
            ("a block of threads", "white", "black", "", 2),
            ("tile of the chosen block", WORKING, "#999999", "", 1),
            ("its halo, read as well", HALO, "#999999", "", 1),
            ("ghost cells: 0", GHOST, "#999999", "////", 1),
            ("idle threads", IDLE, "#999999", "", 1),
        ]
    ]
    axis.legend(handles=marks, loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
    idle = rows * columns * tile**2 - height * width
    return figure, (
        f"A picture of {height} by {width} pixels under {rows} by {columns} blocks of {tile} by "
        f"{tile} threads, {idle} of them idle. Block {block} reads its tile and {reach} pixels "
        "around it; those outside the picture are ghost cells."
    )


def _look(inside: bool, mine: bool, read: bool, thread: bool) -> tuple[str, str]:
    """The colour and the hatching of a place in or around the picture.

    Args:
        inside: of the picture.
        mine: of the chosen block's tile.
        read: by the chosen block.
        thread: whether a thread stands there.
    """
    if inside:
        return WORKING if mine else HALO if read else "#eef3f8", ""
    if read and not mine:
        return GHOST, "////"
    return IDLE if thread else GHOST, ""


@picture
def stored(
    image: np.ndarray, true: np.ndarray, cut: np.ndarray, height: float = 3
) -> tuple[Figure, str]:
    """A picture, its true sums, and what is left of them in 8 bits.

    Args:
        image, true, cut: (H, W) each.
        height: inches.
    """
    figure, axes = panels(3, height=height)
    number_grid(axes[0], image, "picture", scale="grey")
    number_grid(axes[1], true, "true sum")
    number_grid(axes[2], cut, "stored: 0 black, 255 white", scale="grey", limits=(0, 255))
    changed = int((true != cut).sum())
    return figure, (
        f"A picture of {image.min()} to {image.max()}, its sums from {true.min()} to {true.max()}, "
        f"and what is stored of them, {cut.min()} to {cut.max()}: {changed} of {cut.size} differ."
    )


@picture
def crossing(rows: Sequence[dict], height: float = 3.2) -> tuple[Figure, str]:
    """Time of a convolution by the size of its kernel, for two algorithms.

    Args:
        rows: of "kernel", "columns" and "fft": the size, and seconds.
        height: inches.
    """
    figure, axes = panels(height=height)
    sizes, facts, ends = [row["kernel"] for row in rows], [], []
    for name, label, colour, line, mark in [
        ("columns", "product with columns", BLUE, LINES[0], "o"),
        ("fft", "spectra (FFT)", VERMILION, LINES[1], "s"),
    ]:
        times = [1000 * row[name] for row in rows]
        axes[0].plot(sizes, times, color=colour, ls=line, marker=mark)
        ends.append((sizes[-1], times[-1], label, colour))
        facts.append(f"{label} {times[0]:.1f} to {times[-1]:.1f} ms")
    axes[0].set(
        xlabel="kernel's size along each axis", ylabel="milliseconds", ylim=(0, None), xticks=sizes
    )
    label_ends(axes[0], ends)
    return figure, f"Kernels of {sizes[0]} to {sizes[-1]}: {'; '.join(facts)}."


@picture
def roofline(found: Sequence[Load], limits: Ceilings, height: float = 3.8) -> tuple[Figure, str]:
    """Layers by their operations for each byte, under the ceilings of a machine.

    Args:
        found: layers; those without a measured rate are drawn on the roof.
        limits: of the machine.
        height: inches.
    """
    figure, axes = panels(height=height)
    axis = axes[0]
    ends = [load.intensity for load in found] + [limits.ridge]
    reach = np.geomspace(min(ends) / 2, max(ends) * 2, 200)
    axis.plot(reach, [limits.bound(x) / 1e9 for x in reach], color="black", ls="-", label="roof")
    axis.axvline(limits.ridge, color="#777777", lw=1, ls=":")
    axis.annotate(
        f"ridge: {limits.ridge:.0f}",
        (limits.ridge, 0),
        (4, 6),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
    )
    for kind, label, mark, colour in [
        ("Conv2d", "convolution", "o", BLUE),
        ("Linear", "fully connected", "s", ORANGE),
    ]:
        mine = [load for load in found if load.kind == kind]
        axis.plot(
            [load.intensity for load in mine],
            [(load.rate or limits.bound(load.intensity)) / 1e9 for load in mine],
            mark,
            color=colour,
            markeredgecolor="black",
            ls="",
            label=label,
        )
    axis.set(
        xscale="log",
        yscale="log",
        xlabel="operations for each byte of global memory",
        ylabel="10⁹ operations a second",
    )
    for each in (axis.yaxis.set_major_formatter, axis.yaxis.set_minor_formatter):
        each(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "125" else "")
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    low = sum(load.intensity < limits.ridge for load in found)
    return figure, (
        f"A roof that rises with the operations for each byte up to {limits.ridge:.0f} and is "
        f"flat from there at {limits.operations / 1e9:.0f} billion operations a second; {low} of "
        f"{len(found)} layers lie under its slope."
    )
