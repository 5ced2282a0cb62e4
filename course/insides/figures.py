"""Draws what a net looks at: filters, patches that excite a unit, maps, and a warning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from course.style import BLUE, SIGNED, VERMILION, outline, panels, picture


@picture
def filters(weights: Tensor, height: float = 2.6) -> tuple[Figure, str]:
    """The kernels of a first layer as pictures, on one scale: orange below zero, blue above.

    Args:
        weights: (O, 1, k, k).
        height: inches.
    """
    kernels = weights.detach().cpu().numpy()[:, 0]
    columns = (len(kernels) + 1) // 2
    figure, axes = panels(columns, 2, height=height)
    high = float(np.abs(kernels).max())
    for number, (axis, kernel) in enumerate(zip(axes, kernels, strict=True)):
        axis.imshow(kernel, cmap=SIGNED, vmin=-high, vmax=high)
        axis.set_title(str(number), fontsize=9, pad=2)
        _framed(axis)
    return figure, f"{len(kernels)} kernels of {kernels.shape[1]} x {kernels.shape[2]} weights."


@picture
def colour_filters(weights: np.ndarray, height: float = 3.3) -> tuple[Figure, str]:
    """The kernels of a first layer on colour, as pictures: grey is zero, each on its own scale.

    Args:
        weights: (O, 3, k, k), red, green and blue.
        height: inches.
    """
    weights = np.asarray(weights, dtype=float)
    figure, axes = panels((len(weights) + 2) // 3, 3, height=height)
    for axis, kernel in zip(axes, weights, strict=False):
        axis.imshow(0.5 + kernel.transpose(1, 2, 0) / (2 * np.abs(kernel).max()))
    for axis in axes:
        axis.axis("off")
    count, _, size, _ = weights.shape
    return figure, f"{count} colour kernels of {size} x {size}: light and dark bars, colour blobs."


@picture
def patches(
    found: Mapping[str, Sequence[np.ndarray]], height: float | None = None
) -> tuple[Figure, str]:
    """For each unit, in a row, the patches of pictures that excite it most, the strongest first.

    Args:
        found: {unit: patches (h, w) from 0 to 1}, equally many for each.
        height: inches; as the rows need when None.
    """
    count = max(len(row) for row in found.values())
    figure, axes = panels(count, len(found), height=height or 0.95 * len(found))
    for line, (name, row) in enumerate(found.items()):
        for place in range(count):
            axis = axes[line * count + place]
            _framed(axis)
            if place < len(row):
                axis.imshow(row[place], cmap="gray", vmin=0, vmax=1)
            else:
                axis.axis("off")
            if place == 0:
                axis.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
    sizes = "; ".join(f"{name}: {len(row)} patches" for name, row in found.items())
    return figure, f"Rows of patches, bright on dark, the most exciting first. {sizes}."


@picture
def pictures(
    images: np.ndarray,
    boxes: Sequence[Sequence[int]],
    labels: Sequence[int],
    height: float = 2.1,
) -> tuple[Figure, str]:
    """Pictures side by side, each with its class above and its digit's box framed.

    Args:
        images: (N, H, W) from 0 to 1.
        boxes: (top, left, height, width) of each.
        labels: the classes.
        height: inches.
    """
    figure, axes = panels(len(images), height=height)
    for axis, image, (top, left, tall, wide), label in zip(
        axes, images, boxes, labels, strict=True
    ):
        axis.imshow(image, cmap="gray", vmin=0, vmax=1)
        outline(axis, top - 0.5, left - 0.5, tall, wide)
        axis.set(xticks=[], yticks=[], title=str(label))
    named = ", ".join(map(str, labels))
    return figure, f"Digits among pieces of others, each framed. Their classes: {named}."


@picture
def maps(
    image: np.ndarray,
    found: Mapping[str, np.ndarray],
    box: tuple[int, int, int, int] | None = None,
    height: float = 2.2,
) -> tuple[Figure, str]:
    """A picture, and maps of it by their magnitude, each on its own scale: bright is much.

    Args:
        image: (H, W) from 0 to 1.
        found: {title: map (H, W)}.
        box: (top, left, height, width), framed in each.
        height: inches.
    """
    figure, axes = panels(len(found) + 1, height=height)
    for axis, (title, values) in zip(axes, {"picture": image, **found}.items(), strict=True):
        values = np.abs(values)
        axis.imshow(values, cmap="gray", vmin=0, vmax=max(float(values.max()), 1e-12))
        axis.set(xticks=[], yticks=[])
        axis.set_title(title.replace(" x ", "\n× "), fontsize=10)
        if box is not None:
            top, left, tall, wide = box
            outline(axis, top - 0.5, left - 0.5, tall, wide)
    where = "" if box is None else " The digit's box is framed."
    return figure, f"A picture and its maps: {', '.join(found)}.{where}"


@picture
def trust(
    rows: Sequence[dict],
    measure: str = "strongest",
    label: str = "strongest pixel in the box, % of pictures",
    control: str = "the image itself",
    height: float = 2.9,
) -> tuple[Figure, str]:
    """A measure of each map, in a panel for each net: the trained one, and those partly random.

    Args:
        rows: of `experiment.run`.
        measure: a column of them.
        label: of the axes.
        control: the map that no net makes, a line through all panels.
        height: inches.
    """
    nets = list(dict.fromkeys(row["net"] for row in rows))
    kinds = [kind for kind in dict.fromkeys(row["map"] for row in rows) if kind != control]
    figure, axes = panels(len(nets), height=height, sharey=True)
    blind = [row[measure] for row in rows if row["map"] == control]
    facts = [f"{control}: {np.mean(blind):.0f}"]
    for axis, name in zip(axes, nets, strict=True):
        axis.axvline(np.mean(blind), color=VERMILION, ls="--", lw=1.5)
        for line, kind in enumerate(kinds):
            values = [row[measure] for row in rows if (row["net"], row["map"]) == (name, kind)]
            if not values:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
                middle = {"ha": "center", "va": "center", "fontsize": 10, "color": "#777777"}
                axis.text(52, line, "not measured", bbox=box, **middle)
                continue
            axis.plot([min(values), max(values)], [line, line], color=BLUE, lw=3, ls="-")
            axis.plot([np.mean(values)], [line], "o", color=BLUE, ls="", ms=7)
            facts.append(f"{kind}, {name}: {np.mean(values):.0f}")
        axis.set_title(name.replace("layers ", "layers\n").replace("layer ", "layer\n"))
        axis.set(xlim=(0, 104), xticks=[0, 50, 100], ylim=(len(kinds) - 0.5, -0.5))
        axis.grid(axis="x", alpha=0.3)
    axes[0].set_yticks(range(len(kinds)), [kind.replace(" x ", " × ") for kind in kinds])
    axes[0].text(
        np.mean(blind), len(kinds) - 1.5, f" {control}", va="center", color=VERMILION, fontsize=10
    )
    figure.supxlabel(label, fontsize=12)
    return figure, f"Means of the seeds, lines from lowest to highest. {'; '.join(facts)}."


def _framed(axis):
    """A picture with a thin frame: white pixels end where the paper begins."""
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set(visible=True, color="#777777", linewidth=0.6)
