"""Draws what is carried over: Oquab's scheme, patches and their labels, maps, the kept runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import MultipleLocator
from numpy import ndarray

from course.style import (
    BLACK,
    BLUE,
    GREEN,
    LINES,
    ORANGE,
    PURPLE,
    VERMILION,
    label_ends,
    outline,
    panels,
    picture,
)
from course.transfer.experiment import FRESH, NAMED, TUNED

STAY, LEARN = "#d9d9d9", "white"
COLOURS = (VERMILION, BLUE, ORANGE, GREEN, PURPLE, "#777777")  # of NAMED, in every figure


@picture
def scheme(height: float = 3.0) -> tuple[Figure, str]:
    """Oquab's scheme: the source net above, the target net below, what is carried over in grey.

    Args:
        height: inches.
    """
    figure, axes = panels(height=height)
    axis = axes[0]
    shared = [("C1 to C5", "9,216"), ("FC6", "4,096"), ("FC7", "4,096")]
    rows = [
        ("source\n1,000 classes", [*shared, ("FC8", "1,000")]),
        ("target\n20 classes\nand background", [*shared, ("FCa", "4,096"), ("FCb", "21")]),
    ]
    for row, (title, layers) in enumerate(rows):
        y = -1.7 * row
        axis.text(-0.45, y, title, ha="right", va="center")
        for place, (name, width) in enumerate(layers):
            x = 1.75 * place
            fresh = name in ("FCa", "FCb")
            removed = name == "FC8"
            box = FancyBboxPatch(
                (x, y - 0.36),
                1.25,
                0.72,
                boxstyle="round,pad=0.05",
                facecolor=LEARN if fresh or removed else STAY,
                edgecolor=VERMILION if fresh else BLACK,
                linewidth=2.5 if fresh else 1,
                linestyle="--" if removed else "-",
            )
            axis.add_patch(box)
            axis.text(x + 0.62, y, f"{name}\n{width}", ha="center", va="center")
            if place:
                axis.annotate(
                    "", (x - 0.06, y), (x - 0.44, y), arrowprops={"arrowstyle": "->", "lw": 1.2}
                )
            if row and place < 3:
                axis.annotate(
                    "", (x + 0.62, y + 0.44), (x + 0.62, -0.44), arrowprops={"arrowstyle": "->"}
                )
    axis.text(1.75 * 3 + 1.5, 0, "removed", va="center")
    axis.text(4.25, -0.7, "copied, then frozen", va="center", ha="left")
    axis.text(1.75 * 3.5 + 0.62, -1.12, "fresh, learnt", va="center", ha="center", color=VERMILION)
    axis.set(xlim=(-2.6, 8.5), ylim=(-2.3, 0.55))
    axis.axis("off")
    return figure, (
        "Two rows of boxes. Source: C1 to C5 with 9,216 outputs, FC6 and FC7 with 4,096, FC8 with "
        "1,000, which is removed. Target: the first three copied from the source and frozen, then "
        "FCa with 4,096 and FCb with 21 outputs, which are learnt."
    )


@picture
def labelled(
    image: ndarray,
    boxes: ndarray,
    patches: Mapping[str, Sequence[int]],
    height: float = 2.0,
) -> tuple[Figure, str]:
    """A picture with its objects framed, and patches of it with their labels.

    Args:
        image: (H, W) from 0 to 1.
        boxes: (B, 4) of the objects, framed in green.
        patches: {label: (top, left, height, width)}, each in a panel of its own.
        height: inches.
    """
    figure, axes = panels(1 + len(patches), height=height)
    for axis, (label, patch) in zip(axes, {"the picture": None, **patches}.items(), strict=True):
        axis.imshow(image, cmap="gray", vmin=0, vmax=1)
        for top, left, tall, wide in boxes:
            outline(axis, top - 0.5, left - 0.5, tall, wide, GREEN)
        if patch is not None:
            top, left, tall, wide = patch
            outline(axis, top - 0.5, left - 0.5, tall, wide, VERMILION)
        axis.set(xticks=[], yticks=[])
        axis.set_title(label, fontsize=11)
    return figure, f"A picture whose digits are framed, and patches in it: {', '.join(patches)}."


@picture
def scored(
    images: ndarray,
    maps: ndarray,
    boxes: ndarray,
    titles: Sequence[str],
    step: int = 2,
    height: float = 3.6,
) -> tuple[Figure, str]:
    """Pictures above, and below how sure a net is of some class in each of their windows.

    Args:
        images: (N, H, W) from 0 to 1.
        maps: (N, I, J) probabilities.
        boxes: (N, B, 4) of the objects.
        titles: what the surest window is called, N.
        step: pixels between windows.
        height: inches.
    """
    figure, axes = panels(len(images), 2, height=height)
    for place, (image, values, objects) in enumerate(zip(images, maps, boxes, strict=True)):
        above, below = axes[place], axes[place + len(images)]
        above.imshow(image, cmap="gray", vmin=0, vmax=1)
        for top, left, tall, wide in objects:
            outline(above, top - 0.5, left - 0.5, tall, wide, GREEN)
        above.set_title(titles[place], fontsize=11)
        # Each value stands in the middle of its window.
        (tall, wide), (rows, columns) = image.shape, values.shape
        rest = [(size - step * count) / 2 for size, count in ((tall, rows), (wide, columns))]
        extent = (rest[1], wide - rest[1], tall - rest[0], rest[0])
        below.imshow(values, cmap="gray", vmin=0, vmax=1, extent=extent)
        below.set(xlim=(0, wide), ylim=(tall, 0), facecolor="#dddddd")
        for axis in (above, below):
            axis.set(xticks=[], yticks=[])
    axes[0].set_ylabel("picture")
    axes[len(images)].set_ylabel("any digit?")
    return figure, (
        f"{len(images)} pictures with framed digits, and under each a smaller map, bright where a "
        f"window shows a digit. The surest windows: {', '.join(titles)}."
    )


@picture
def by_images(
    rows: Sequence[dict],
    named: Sequence[str] = tuple(NAMED),
    height: float = 4.2,
    column: str = "accuracy",
) -> tuple[Figure, str]:
    """Accuracy by images a class, a line for each way: means of the seeds, bands of their ranges.

    Args:
        rows: of `experiment.run`.
        named: which ways.
        height: inches.
        column: the measure.
    """
    figure, axes = panels(height=height, width_ratios=[1])
    axis = axes[0]
    counts = sorted({row["images"] for row in rows})
    ends, facts = [], []
    for name in named:
        values = np.array([_values(rows, *NAMED[name], images, column) for images in counts])
        place = list(NAMED).index(name)
        colour, style = COLOURS[place], LINES[place]
        axis.fill_between(counts, values.min(1), values.max(1), color=colour, alpha=0.15, lw=0)
        axis.plot(counts, values.mean(1), color=colour, ls=style, marker="o", ms=4)
        ends.append((counts[-1], values[-1].mean(), name, colour))
        first, last = values[0].mean(), values[-1].mean()
        facts.append(f"{name} from {first:.0f} to {last:.0f}")
    axis.set_xscale("log")
    axis.set_xticks(counts, map(str, counts))
    axis.minorticks_off()
    axis.set(xlabel="images a class to learn from", ylabel="right, % of test digits")
    axis.grid(axis="y", alpha=0.3)
    label_ends(axis, ends)
    return figure, f"Lines over {counts[0]} to {counts[-1]} images a class. {'; '.join(facts)}."


@picture
def by_stage(rows: Sequence[dict], images: int, height: float = 3.6) -> tuple[Figure, str]:
    """Accuracy by how many of the source's stages stay frozen, the rest fresh or fine-tuned.

    Args:
        rows: of `experiment.run`.
        images: a class.
        height: inches.
    """
    figure, axes = panels(height=height)
    axis = axes[0]
    facts, ends = [], []
    looks = [(TUNED, "rest fine-tuned", BLUE, "o"), (FRESH, "rest fresh", VERMILION, "s")]
    for shift, (method, label, colour, mark) in zip((-0.06, 0.06), looks, strict=True):
        frozen = range(5)
        values = [_values(rows, FRESH if k == 4 else method, k, images, "accuracy") for k in frozen]
        means = [np.mean(each) for each in values]
        places = [k + shift for k in frozen]
        axis.vlines(places, [min(v) for v in values], [max(v) for v in values], color=colour, lw=3)
        axis.plot(places, means, mark + "-", color=colour, lw=1)
        ends.append((means[0], label, colour))
        facts.append(f"{label}: {', '.join(f'{mean:.0f}' for mean in means)}")
    for y, label, colour in ends:
        axis.text(-0.15, y, label, color=colour, ha="right", va="center")
    axis.set_xticks(
        range(5), ["none", "the first", "first two", "first three", "all four\n(head alone learns)"]
    )
    axis.set(xlabel="stages of the source that stay", ylabel="right, % of test digits")
    axis.set_xlim(-1.15, 4.35)
    axis.yaxis.set_major_locator(MultipleLocator(5))
    axis.grid(axis="y", alpha=0.3)
    return figure, f"By how many stages are frozen, from none to four. {'; '.join(facts)}."


@picture
def face(
    image: ndarray, found: Sequence, scores: ndarray, height: float = 3.6
) -> tuple[Figure, str]:
    """A photograph with the window that was found, and the map of all windows of that size.

    Args:
        image: (H, W, 3) bytes.
        found: `pretrained.Found`.
        scores: (I, J) from 0 to 1.
        height: inches.
    """
    figure, axes = panels(2, height=height, width=7)
    axes[0].imshow(image)
    outline(axes[0], found.row, found.column, found.side, found.side, VERMILION)
    axes[1].imshow(scores, cmap="gray", vmin=0, vmax=1)
    for axis, title in zip(axes, ("the likeliest window", "all windows of its size"), strict=True):
        axis.set(xticks=[], yticks=[])
        axis.set_title(title)
    return figure, (
        "A photograph of a person with a square around the face, and a small grey map that is "
        "brightest where the square is."
    )


def _values(rows, method, frozen, images, column) -> list[float]:
    return [
        row[column]
        for row in rows
        if (row["method"], row["frozen"], row["images"]) == (method, frozen, images)
    ]
