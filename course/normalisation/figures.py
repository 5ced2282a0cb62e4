"""Draws over which axes each norm takes its mean, and what the experiments measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course import runs
from course.style import BLUE, VERMILION, panels, picture

NORMS = ("batch norm", "layer norm", "group norm", "instance norm")
NAMED = {"none": ("without norm", VERMILION, "s--"), "batch": ("batch norm", BLUE, "o-")}


@picture
def axes_of_norms(
    examples: int = 4, channels: int = 6, groups: int = 2, height: float = 2.6
) -> tuple[Figure, str]:
    """Which numbers share a mean: a square for each map, channels across, examples down."""
    shared = {
        "batch norm": [(n, 1) for n in range(examples)],
        "layer norm": [(1, c) for c in range(channels)],
        "group norm": [(1, c) for c in range(channels // groups)],
        "instance norm": [(1, 1)],
    }
    figure, axes = panels(len(NORMS), height=height)
    for axis, name in zip(axes, NORMS, strict=True):
        for n in range(examples):
            for c in range(channels):
                fill = BLUE if (n, c) in shared[name] else "#eeeeee"
                axis.add_patch(Rectangle((c, n), 0.88, 0.88, facecolor=fill))
        axis.set(
            xlim=(-0.1, channels),
            ylim=(examples, -0.1),
            xticks=[],
            yticks=[],
            aspect="equal",
            title=name,
            xlabel="channels",
        )
        axis.spines[:].set_visible(False)
    axes[0].set_ylabel("examples")
    return figure, (
        "Squares for maps, four examples by six channels. One mean is shared by: batch norm, one "
        "channel of all examples; layer norm, all channels of one example; group norm, half of "
        "the channels of one example; instance norm, one map."
    )


@picture
def rates(rows: Sequence[dict], height: float = 3.2) -> tuple[Figure, str]:
    """Test accuracy over the learning rate, with and without batch norm: a point a seed."""
    figure, axes = panels(height=height)
    axis, facts = axes[0], []
    shown = [row for row in rows if row["experiment"] == "rates"]
    for norm, (name, colour, style) in NAMED.items():
        found = runs.over_seeds([r for r in shown if r["norm"] == norm], ["lr"], "value")
        means = [np.mean(values) for values in found.values()]
        lrs = [lr for (lr,) in found]
        axis.plot(lrs, means, style, color=colour)
        axis.text(
            lrs[-1] * 1.15, means[-1], f"{name},\nmean", color=colour, va="center", fontsize=10
        )
        for lr, values in zip(lrs, found.values(), strict=True):
            axis.plot([lr] * len(values), values, ".", color=colour, ls="", alpha=0.6)
        facts.append(
            f"{name}: "
            + ", ".join(f"{m:.0f} % at {lr:g}" for lr, m in zip(lrs, means, strict=True))
        )
    axis.set(xscale="log", xlabel="learning rate", ylabel="test accuracy, %", ylim=(0, 100))
    axis.set_xlim(right=lrs[-1] * 3)
    axis.set_xticks(lrs, [f"{lr:g}" for lr in lrs])
    axis.minorticks_off()
    return figure, f"Test accuracy after 69 steps, means of three seeds. {'; '.join(facts)}."


@picture
def company(rows: Sequence[dict], height: float = 2.8) -> tuple[Figure, str]:
    """Test accuracy of one net in eval mode and in training mode, by who is in the batch."""
    figure, axes = panels(height=height)
    axis, facts = axes[0], []
    shown = [row for row in rows if row["experiment"] == "company"]
    found = runs.over_seeds(shown, ["what"], "value")
    names = [what.removeprefix("test, ") for (what,) in found]
    for i, (name, values) in enumerate(zip(names, found.values(), strict=True)):
        colour = BLUE if name.startswith("eval") else VERMILION
        axis.barh(i, np.mean(values), color=colour, height=0.6, alpha=0.5)
        axis.plot(values, [i] * len(values), "o", ls="", color=colour)
        axis.text(max(values) + 1.5, i, f"{np.mean(values):.0f} %", va="center", fontsize=10)
        facts.append(f"{name} {np.mean(values):.0f} %")
    axis.set_yticks(range(len(names)), names)
    axis.invert_yaxis()
    axis.set(xlim=(0, 105), xlabel="test accuracy, %")
    return figure, f"The same three nets, asked in different ways: {'; '.join(facts)}."
