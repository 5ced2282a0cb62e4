"""Draws the pictures of degradation: blocks, training curves, gradients by layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course.style import (
    BLUE,
    GREEN,
    LINES,
    ORANGE,
    VERMILION,
    label_ends,
    panels,
    picture,
)

COLOURS = {"plain": VERMILION, "residual": BLUE}


def averaged(rows: Sequence[dict], measure: str = "train_error") -> dict:
    """Average training curves over their seeds.

    Args:
        rows: dicts with "kind", "depth", "seed", "epoch" and the measure.

    Returns:
        {(kind, depth): (epochs, mean, lowest, highest)}, lists of one length each.
    """
    runs = defaultdict(lambda: defaultdict(list))
    for row in rows:
        runs[row["kind"], row["depth"]][row["epoch"]].append(row[measure])
    return {
        net: (
            sorted(epochs),
            *([f(epochs[e]) for e in sorted(epochs)] for f in (np.mean, min, max)),
        )
        for net, epochs in sorted(runs.items())
    }


@picture
def curves(
    rows: Sequence[dict], title: str = "", measure: str = "train_error", height: float = 3.4
) -> tuple[Figure, str]:
    """Show training curves, one line for each net: the mean over its seeds, and their range.

    Colour and dots tell residual from plain, the line's style and width the depth: deeper is
    thicker.

    Args:
        rows: as for `averaged`.
        title: above.
        measure: "train_error" or "test_error" in percent, or "loss".
        height: inches.
    """
    runs = averaged(rows, measure)
    figure, axes = panels(height=height)
    axis, facts, ends = axes[0], [], []
    depths = sorted({depth for _, depth in runs})
    for (kind, depth), (times, mean, low, high) in runs.items():
        colour = COLOURS.get(kind, GREEN)
        place = depths.index(depth)
        look = {"color": colour, "ls": LINES[place % 6], "lw": 1.4 + 0.4 * place}
        if kind == "residual":
            look |= {"marker": "o", "ms": 5, "markevery": max(1, len(times) // 6)}
        axis.plot(times, mean, **look)
        ends.append((mean[-1], kind, depth, colour))
        axis.fill_between(times, low, high, color=colour, alpha=0.15, lw=0)
        facts.append(f"{kind}-{depth} ends at {mean[-1]:.1f}")
    label = {"train_error": "training error, %", "test_error": "test error, %", "loss": "loss"}
    axis.set(xlabel="epoch", ylabel=label[measure], title=title, ylim=(0, None))
    axis.set_xlim(right=max(row["epoch"] for row in rows) * 1.01)
    _name_curves(axis, ends)
    return figure, f"{label[measure]} over the epochs: {'; '.join(facts)}."


def _name_curves(axis, ends):
    """Write the nets' names at the ends of their curves; those that end together share a line.

    Args:
        axis: of a linear scale.
        ends: (height, kind, depth, colour) of each curve's last point.
    """
    high = axis.get_ylim()[1]
    groups: list[list] = []
    for end in sorted(ends, key=lambda end: (end[1], end[0])):
        if groups and end[1] == groups[-1][-1][1] and end[0] - groups[-1][0][0] < 0.04 * high:
            groups[-1].append(end)
        else:
            groups.append([end])
    right, at = axis.get_xlim()[1], -high
    for group in sorted(groups, key=lambda group: group[0][0]):
        at = max(np.mean([height for height, *_ in group]), at + 0.07 * high)
        name = f"{group[0][1]}-" + ", ".join(str(depth) for depth in sorted(e[2] for e in group))
        axis.annotate(
            *(name, (right, at)), va="center", color=group[0][3], fontsize=11, annotation_clip=False
        )


@picture
def norms_by_layer(nets: Mapping[str, Sequence[float]], height: float = 3.2) -> tuple[Figure, str]:
    """Show the norm of the gradient of each convolution, from the input to the output.

    Args:
        nets: {name: list of norms, from first to last layer}.
        height: inches.
    """
    figure, axes = panels(height=height)
    axis, facts, ends = axes[0], [], []
    for place, (name, norms) in enumerate(nets.items()):
        colour = COLOURS.get(name.split("-")[0], GREEN)
        depth = np.linspace(0, 1, len(norms))
        axis.plot(depth, norms, color=colour, ls=LINES[place % 6])
        ends.append((1, norms[-1], name, colour))
        facts.append(f"{name}: {norms[0]:.2g} at the first layer, {norms[-1]:.2g} at the last")
    axis.set(yscale="log", xlabel="place in the net", ylabel="norm of dE/dW")
    axis.set_xticks([0, 1], ["first layer", "last layer"])
    label_ends(axis, ends)
    return figure, f"Norms of the gradients by layer. {'; '.join(facts)}."


@picture
def norms_over_training(rows: Sequence[dict], height: float = 3.4) -> tuple[Figure, str]:
    """Show how the gradient norms of the first, middle and last layer change from epoch to epoch.

    Args:
        rows: dicts with "net", "seed", "epoch", "layer" and "gradient".
        height: inches.
    """
    runs = defaultdict(lambda: defaultdict(list))
    for row in rows:
        runs[row["net"], row["layer"]][row["epoch"]].append(row["gradient"])
    runs = {key: epochs for key, epochs in runs.items() if len(epochs) > 1}
    nets = list(dict.fromkeys(net for net, _ in runs))
    looks = {"first": (VERMILION, "-"), "middle": (ORANGE, "--"), "last": (BLUE, "-.")}
    figure, axes = panels(len(nets), height=height, sharey=True)
    facts, named = [], []
    for axis, name in zip(axes, nets, strict=True):
        ends = []
        for layer, (colour, style) in looks.items():
            epochs = runs[name, layer]
            times = sorted(epochs)
            mean = [np.exp(np.mean(np.log(epochs[time]))) for time in times]
            axis.plot(times, mean, color=colour, ls=style)
            low, high = ([f(epochs[time]) for time in times] for f in (min, max))
            axis.fill_between(times, low, high, color=colour, alpha=0.15, lw=0)
            ends.append((times[-1], mean[-1], layer, colour))
            facts.append(f"{name}, {layer} layer: from {mean[0]:.2g} to {mean[-1]:.2g}")
        axis.set(yscale="log", xlabel="epoch", title=name)
        named.append((axis, ends))
    for axis, ends in named:
        label_ends(axis, ends)
    axes[0].set_ylabel("norm of dE/dW")
    return figure, f"Norms of the gradients over the epochs. {'; '.join(facts)}."


@picture
def jacobians(products: Mapping[str, Sequence[float]], height: float = 3.0) -> tuple[Figure, str]:
    """Show how the product of the layers' Jacobians grows or shrinks with the depth.

    Args:
        products: {name: norms, from the output back to the input}.
        height: inches.
    """
    figure, axes = panels(height=height)
    axis, facts, ends = axes[0], [], []
    for (name, norms), colour, style in zip(
        products.items(), [VERMILION, BLUE, ORANGE, GREEN], LINES, strict=False
    ):
        axis.plot(range(len(norms)), norms, color=colour, ls=style)
        ends.append((len(norms) - 1, norms[-1], name, colour))
        facts.append(f"{name}: {norms[-1]:.1e} after {len(norms) - 1} layers")
    axis.set(yscale="log", xlabel="layers back from the output", ylabel="norm of the product")
    label_ends(axis, ends)
    return figure, f"Norms of products of Jacobians. {'; '.join(facts)}."


@picture
def blocks(height: float = 3.6) -> tuple[Figure, str]:
    """Show a plain, a post-activated and a pre-activated block as flow charts."""
    post = ["conv", "norm", "relu", "conv", "norm"]
    charts = [
        ("plain", [*post, "relu"], None),
        ("residual", [*post, "+", "relu"], 5),
        ("pre-activation", ["norm", "relu", "conv", "norm", "relu", "conv", "+"], 6),
    ]
    figure, axes = panels(3, height=height)
    for axis, (title, steps, joint) in zip(axes, charts, strict=True):
        ys = np.linspace(1, 0, len(steps) + 2)
        axis.annotate("x", (0, ys[0]), ha="center", va="center", fontsize=12)
        for y, before, step in zip(ys[1:], ys, steps, strict=False):
            axis.annotate("", (0, y + 0.035), (0, before - 0.035), arrowprops={"arrowstyle": "->"})
            box = {"boxstyle": "circle" if step == "+" else "round", "fc": "white", "ec": BLUE}
            axis.text(0, y, step, ha="center", va="center", bbox=box, fontsize=10)
        axis.annotate("", (0, ys[-1] + 0.02), (0, ys[-2] - 0.035), arrowprops={"arrowstyle": "->"})
        axis.annotate("y", (0, ys[-1]), ha="center", va="center", fontsize=12)
        if joint is not None:
            top, bottom = ys[0] - 0.045, ys[joint + 1]
            axis.plot([0, 0.6, 0.6], [top, top, bottom], color=VERMILION, ls="-")
            axis.annotate(
                "",
                (0.09, bottom),
                (0.61, bottom),
                arrowprops={"arrowstyle": "->", "color": VERMILION, "lw": 2},
            )
        axis.set(title=title, xlim=(-0.6, 0.8), ylim=(-0.05, 1.05))
        axis.axis("off")
    return figure, (
        "Three flow charts. Plain: conv, norm, relu, conv, norm, relu. Residual: the same, but x "
        "is added before the last relu. Pre-activation: norm, relu, conv, norm, relu, conv, then "
        "x is added, and nothing follows."
    )
