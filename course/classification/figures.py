"""Draws the pictures of the lecture on classification; each gives alternative text too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course.classification import reference
from course.style import (
    BLACK,
    BLUE,
    GREEN,
    LINES,
    ORANGE,
    PURPLE,
    VERMILION,
    label_ends,
    legend_beside,
    number_grid,
    panels,
    picture,
)

COLOURS = [VERMILION, BLUE, GREEN, PURPLE, ORANGE, BLACK]
MARKS = ["o", "s", "^", "D", "v", "P"]


@picture
def pictures(
    images: np.ndarray, titles: Sequence[str], alt: str, height: float = 1.3, columns: int = 10
) -> tuple[Figure, str]:
    """Show small pictures side by side, bright is light.

    Args:
        images: (N, H, W).
        titles: N short texts, above them.
        alt: the alternative text.
        height: inches of a row.
        columns: pictures in a row.
    """
    images, rows = np.asarray(images), -(-len(images) // columns)
    figure, axes = panels(columns, rows, height=height * rows)
    low, high = np.min(images), np.max(images)
    for axis in axes[len(images) :]:
        axis.axis("off")
    for axis, image, title in zip(axes, images, titles, strict=False):
        axis.imshow(image, cmap="gray", vmin=low, vmax=high)
        axis.set_title(title, fontsize=10)
        axis.set(xticks=[], yticks=[])
    return figure, alt


@picture
def votes(
    features: Mapping[str, np.ndarray],
    weights: np.ndarray,
    names: Sequence[str],
    classes: Sequence[str],
    height: float = 3.0,
) -> tuple[Figure, str]:
    """Show what each feature adds to the score of each class: feature times weight.

    Args:
        features: {title: (F,) values}, one panel each.
        weights: (K, F).
        names: of the features.
        classes: K names.
        height: inches.
    """
    figure, axes = panels(len(features), height=height, sharey=True)
    places, facts = np.arange(len(names) + 1), []
    for axis, (title, values) in zip(axes, features.items(), strict=True):
        for k, (label, row) in enumerate(zip(classes, weights, strict=True)):
            bars = [*(row * values), row @ values]
            axis.bar(
                places + 0.4 * k - 0.2,
                bars,
                0.36,
                color=COLOURS[k],
                hatch="//" if k else "",
                edgecolor="white",
                label=f"for {label}",
            )
        axis.axhline(0, color="black", linewidth=0.8)
        axis.axvline(len(names) - 0.5, color="#777777", linewidth=0.8, linestyle=":")
        axis.set_xticks(places, [*names, "sum"])
        axis.set_title(title)
        scores = ", ".join(
            f"{c} {row @ values:.2f}" for c, row in zip(classes, weights, strict=True)
        )
        facts.append(f"{title}: {scores}")
    axes[0].set_ylabel("vote")
    legend_beside(axes[-1])
    return figure, f"Votes of the features for each class, and their sums. {'; '.join(facts)}."


@picture
def losses(height: float = 3.2) -> tuple[Figure, str]:
    """Show what an answer costs, and how hard it pulls, over the right class's lead in score."""
    figure, axes = panels(2, height=height)
    lead = np.linspace(-8, 8, 161)
    p = reference.sigmoid(lead)
    kinds = {
        "cross-entropy": (np.log1p(np.exp(-lead)), 1 - p),
        "squared error": ((1 - p) ** 2, 2 * (1 - p) ** 2 * p),
    }
    places = {
        "cross-entropy": [(-4.5, 5.0), (-7.6, 1.05)],
        "squared error": [(-7.6, 1.25), (-7.6, 0.2)],
    }
    for (name, two), colour, style in zip(kinds.items(), [BLUE, VERMILION], LINES, strict=False):
        for axis, curve, place in zip(axes, two, places[name], strict=True):
            axis.plot(lead, curve, color=colour, ls=style)
            axis.annotate(name, place, color=colour)
    axes[0].set(xlabel="lead of the right score", ylabel="loss", title="what it costs")
    axes[1].set(xlabel="lead of the right score", ylabel="slope", title="how hard it pulls")
    axes[1].set_ylim(-0.05, 1.25)
    return figure, (
        "Two panels over the lead of the right score, from -8 to 8. Loss: cross-entropy grows "
        "straight to 8 where the answer is wrong, the squared error levels off at 1. Slope: "
        "cross-entropy pulls with 1 where the answer is wrong, the squared error hardly at all."
    )


@picture
def by_depth(
    curves: Mapping[str, Sequence[float]], ylabel: str, height: float = 3.2
) -> tuple[Figure, str]:
    """Show how large a signal is from layer to layer, one line for each kind of first weights.

    Args:
        curves: {name: sizes, from the input on}.
        ylabel: what is measured.
        height: inches.
    """
    figure, axes = panels(height=height)
    axis, facts, ends = axes[0], [], []
    for (name, sizes), colour, style in zip(curves.items(), COLOURS, LINES, strict=False):
        axis.plot(range(len(sizes)), sizes, color=colour, ls=style)
        ends.append((len(sizes) - 1, sizes[-1], name, colour))
        facts.append(f"{name}: {sizes[-1]:.1e} after {len(sizes) - 1} layers")
    axis.set(yscale="log", xlabel="layer", ylabel=ylabel)
    label_ends(axis, ends)
    return figure, f"{ylabel} by layer. {'; '.join(facts)}."


@picture
def valley(
    paths: Mapping[str, np.ndarray],
    curvature: tuple[float, float] = (1.0, 20.0),
    height: float = 2.7,
) -> tuple[Figure, str]:
    """Show the steps of gradient descent in a narrow valley, one panel for each way to step.

    Args:
        paths: {title: (steps, 2)}.
        curvature: (a, b) of the loss (a x^2 + b y^2) / 2.
        height: inches.
    """
    figure, axes = panels(len(paths), height=height, sharey=True)
    x, y = np.meshgrid(np.linspace(-1, 10.5, 116), np.linspace(-1.3, 1.3, 61))
    loss, facts = (curvature[0] * x**2 + curvature[1] * y**2) / 2, []
    for axis, (title, path) in zip(axes, paths.items(), strict=True):
        axis.contour(x, y, loss, levels=[0.5, 2, 5, 10, 20, 35, 50], colors="#bbbbbb", linewidths=1)
        axis.plot(*np.transpose(path), color=VERMILION, marker="o", ms=3.5, ls="-", lw=1.2)
        axis.plot(0, 0, color=BLUE, marker="*", ms=12)
        axis.set(title=title, xlim=(-1, 10.5), ylim=(-1.3, 1.3))
        facts.append(f"{title}: {np.hypot(*path[-1]):.2f} from the minimum after {len(path) - 1}")
    return figure, f"Steps in a narrow valley. {'; '.join(facts)}."


@picture
def schedules(rates: Mapping[str, Sequence[float]], height: float = 2.6) -> tuple[Figure, str]:
    """Show learning rates over the epochs.

    Args:
        rates: {name: rates}.
        height: inches.
    """
    figure, axes = panels(height=height)
    ends = []
    for (name, values), colour, style in zip(rates.items(), COLOURS, LINES, strict=False):
        axes[0].step(range(len(values)), values, where="post", color=colour, ls=style)
        ends.append((len(values) - 1, values[-1], name, colour))
    axes[0].set(xlabel="epoch", ylabel="learning rate")
    axes[0].set_xlim(right=max(map(len, rates.values())) - 1)
    axes[0].set_ylim(bottom=-0.04 * max(map(max, rates.values())))  # zero lies above the axis
    label_ends(axes[0], ends)
    return figure, f"Learning rates over the epochs: {', '.join(rates)}."


@picture
def curves(
    panels_of: Mapping[str, Mapping[str, Mapping[float, Sequence[float]]]],
    xlabel: str = "epoch",
    height: float = 3.3,
) -> tuple[Figure, str]:
    """Show lines with their ranges over the seeds, one panel for each measure.

    Args:
        panels_of: {ylabel: {name: {x: [value of each seed]}}}.
        xlabel: below.
        height: inches.
    """
    figure, axes = panels(len(panels_of), height=height)
    figure.get_layout_engine().set(wspace=0.05)  # names of one panel, numbers of the next
    facts, named = [], []
    for axis, (ylabel, lines) in zip(axes, panels_of.items(), strict=True):
        ends = []
        for place, (name, points) in enumerate(lines.items()):
            xs = sorted(points)
            mean = [np.mean(points[x]) for x in xs]
            low, high = ([f(points[x]) for x in xs] for f in (min, max))
            colour = COLOURS[place % 6]
            mark = {"marker": MARKS[place % 6], "ms": 5}
            axis.plot(xs, mean, color=colour, ls=LINES[place % 6], **mark)
            ends.append((xs[-1], mean[-1], name, colour))
            axis.fill_between(xs, low, high, color=colour, alpha=0.15, lw=0)
            facts.append(f"{ylabel}, {name}: from {mean[0]:.3g} to {mean[-1]:.3g}")
        axis.set(xlabel=xlabel, ylabel=ylabel)
        named.append((axis, ends))
    for axis, ends in named:  # only now do all axes have their heights
        label_ends(axis, ends)
    return figure, f"{'; '.join(facts)}."


@picture
def ranges(
    groups: Mapping[str, tuple[float, float, float]],
    xlabel: str = "test accuracy, %",
    height: float = 2.8,
    limits: tuple[float, float] | None = None,
) -> tuple[Figure, str]:
    """Show a mean as a dot and a range as a line, one row each.

    Args:
        groups: {name: (mean, low, high)}, from the top down.
        xlabel: below.
        height: inches.
        limits: (low, high) of the axis.
    """
    figure, axes = panels(height=height)
    axis, names = axes[0], list(groups)
    facts = []
    for place, (name, (mean, low, high)) in enumerate(groups.items()):
        axis.plot([low, high], [place, place], color=BLUE, ls="-", lw=4, alpha=0.45)
        axis.plot(mean, place, color=BLUE, marker="o", ms=8, ls="")
        axis.annotate(
            f"{mean:.1f}", (high, place), xytext=(8, -4), textcoords="offset points", fontsize=11
        )
        facts.append(f"{name} {mean:.1f}, from {low:.1f} to {high:.1f}")
    axis.set_yticks(range(len(names)), names)
    axis.set(xlabel=xlabel, ylim=(len(names) - 0.5, -0.5))
    if limits:
        axis.set_xlim(limits)
    axis.grid(axis="x", color="#dddddd")
    return figure, f"{xlabel}: {'; '.join(facts)}."


@picture
def confusion(
    matrix: np.ndarray, classes: Sequence[str], height: float = 4.6
) -> tuple[Figure, str]:
    """Show who is taken for whom: counts, rows the truth, columns the answer.

    Args:
        matrix: (K, K) counts.
        classes: K names.
        height: inches.
    """
    figure, axes = panels(height=height, width=6)
    shown = np.where(matrix > 0, matrix.astype(float), np.nan)
    number_grid(axes[0], shown, limits=(-np.nanmax(shown), np.nanmax(shown)))
    places = np.arange(len(classes)) + 0.5
    axes[0].set_xticks(places, classes)
    axes[0].set_yticks(places, classes)
    axes[0].set(xlabel="what the net says", ylabel="what it is")
    wrong = matrix - np.diag(np.diag(matrix))
    t, k = np.unravel_index(wrong.argmax(), wrong.shape)
    return figure, (
        f"A matrix of counts. {np.trace(matrix)} of {matrix.sum()} lie on the diagonal and are "
        f"right; the most frequent confusion is {classes[t]} taken for {classes[k]}, "
        f"{wrong[t, k]} times."
    )
