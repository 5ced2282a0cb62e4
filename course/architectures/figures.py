"""Draws what the famous nets changed: their results, their blocks, what each layer sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course.architectures.history import WINNERS, Ranked
from course.architectures.summary import Layer
from course.counting.figures import short
from course.style import BLUE, GREEN, LINES, ORANGE, PURPLE, VERMILION, label_ends, panels, picture

# The layers of each kind of block, branch by branch, from input to output.
DRAWN: dict[str, list[list[str]]] = {
    "5x5": [["5×5"]],
    "two 3x3": [["3×3", "3×3"]],
    "residual": [["3×3", "3×3"], []],
    "inception": [["1×1"], ["1×1", "3×3"], ["1×1", "5×5"], ["pool", "1×1"]],
    "separable": [["3×3, each\nalone", "1×1", "3×3, each\nalone", "1×1"]],
    "bottleneck": [["1×1", "3×3", "1×1"]],
}
COLOURS = {"1×1": "#f5cf87", "3×3": "#7fb3d5", "5×5": "#4f8fbf", "pool": "#d8c3d2"}


@picture
def winners(height: float = 3.6) -> tuple[Figure, str]:
    """The error of the ImageNet competition's winners by year, with their depth."""
    figure, axes = panels(height=height)
    axis = axes[0]
    facts = []
    for winner in WINNERS:
        first = winner.place == 1
        shared = sum(other.year == winner.year for other in WINNERS) > 1
        place = winner.year + (0.24 if first else -0.24) * shared
        axis.bar(
            place,
            winner.error,
            width=0.36,
            color=BLUE if first else "white",
            edgecolor=BLUE,
            hatch="" if first else "//",
        )
        depth = "" if winner.depth is None else f"\n{winner.depth} layers"
        axis.text(
            place,
            winner.error + (0.6 if first else 3.2),
            f"{winner.name}{depth}",
            ha="center",
            fontsize=9,
        )
        facts.append(f"{winner.year} {winner.name} {winner.error} %")
    axis.set(ylabel="top-5 error, %", ylim=(0, 33), xticks=sorted({w.year for w in WINNERS}))
    return figure, f"Bars, falling from year to year: {'; '.join(facts)}. VGG came second in 2014."


@picture
def ranking(rows: Sequence[Ranked], height: float = 4.2) -> tuple[Figure, str]:
    """Accuracy against parameters, for the nets of the ranking whose parameters are counted."""
    figure, axes = panels(height=height)
    axis = axes[0]
    families = {"vgg": ("s", BLUE), "resnet": ("o", VERMILION), "alexnet": ("^", GREEN)}
    known = [row for row in rows if row.parameters]
    named_right = ("Alexnet", "VGG19", "ResNet18", "ResNet34", "ResNet50", "FBResNet152")
    named_left = ["VGG11", "VGG19_BN", "ResNet101"]
    unnamed = {*named_right, *named_left}
    for row in known:
        mark, colour = next(look for name, look in families.items() if name in row.model.lower())
        axis.plot(row.parameters, row.top1, mark, color=colour, ls="")
        if row.model in unnamed:
            unnamed.remove(row.model)  # some are there twice, with weights of two sources
            axis.annotate(
                row.model.replace("_BN", " with batch norm"),
                (row.parameters, row.top1),
                (-8, 4) if row.model in named_left else (8, 0),
                textcoords="offset points",
                ha="right" if row.model in named_left else "left",
                va="center",
                color=colour,
                fontsize=10,
            )
    best = max(rows, key=lambda row: row.top1)
    axis.axhline(best.top1, color="#777777", lw=1, ls=":")
    axis.text(1e7, best.top1 + 0.3, f"best of all 45: {best.model}", fontsize=10)
    axis.set(xscale="log", xlabel="parameters", ylabel="top-1 accuracy, %", xlim=(9e6, 2.2e8))
    axis.xaxis.set_major_formatter(lambda value, _: short(value))
    facts = "; ".join(f"{r.model} {short(r.parameters)} and {r.top1:.1f} %" for r in known)
    return figure, f"Accuracy over parameters. {facts}."


@picture
def blocks(names: Sequence[str] = tuple(DRAWN), height: float = 3.4) -> tuple[Figure, str]:
    """The kinds of block of the experiment, as boxes from top (input) to bottom (output)."""
    figure, axes = panels(
        len(names), height=height, width_ratios=[len(DRAWN[n]) + 1 for n in names]
    )
    for axis, name in zip(axes, names, strict=True):
        branches = DRAWN[name]
        places = np.arange(len(branches)) - (len(branches) - 1) / 2
        line = {"lw": 1.2, "color": "black", "ls": "-", "zorder": 1}
        for place, layers in zip(places, branches, strict=True):
            stops = np.linspace(0.86, 0.14, len(layers) + 2)
            axis.plot([0, 0, place, place, 0, 0], [1, 0.97, 0.9, 0.1, 0.03, 0], **line)
            for stop, layer in zip(stops[1:-1], layers, strict=True):
                axis.text(
                    place,
                    stop,
                    layer,
                    ha="center",
                    va="center",
                    fontsize=9,
                    bbox={
                        "boxstyle": "round,pad=0.3",
                        "facecolor": COLOURS[layer.split(",")[0]],
                        "edgecolor": "black",
                        "lw": 0.8,
                    },
                )
        joint = "+" if name == "residual" else "concat" if len(branches) > 1 else ""
        if joint:
            box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "black"}
            axis.text(0, 0.02, joint, ha="center", va="center", fontsize=9, bbox=box)
        axis.set(
            title=name.replace("x", "×"), xlim=(places[0] - 0.8, places[-1] + 0.8), ylim=(-0.08, 1)
        )
        axis.title.set_fontsize(10)
        axis.axis("off")
    facts = "; ".join(
        f"{name}: "
        + " beside ".join(" then ".join(b).replace("\n", " ") or "nothing" for b in DRAWN[name])
        for name in names
    )
    return figure, f"Kinds of block, input above, output below. {facts}."


@picture
def block_results(rows: Sequence[dict], height: float = 3.2) -> tuple[Figure, str]:
    """Test accuracy and processor time of each kind of block: a point a seed, a bar for the mean.

    Args:
        rows: of `experiment.run`.
        height: inches.
    """
    names = list(dict.fromkeys(row["block"] for row in rows))
    figure, axes = panels(2, height=height, sharey=True)
    facts = []
    for axis, measure, label in zip(
        axes,
        ("test", "seconds"),
        ("test accuracy, %", "training time, seconds of one processor"),
        strict=True,
    ):
        for i, name in enumerate(names):
            values = [row[measure] for row in rows if row["block"] == name]
            axis.plot([min(values), max(values)], [i, i], color="#999999", lw=5, ls="-", zorder=1)
            axis.plot(values, [i] * len(values), "o", color=BLUE, ls="", zorder=2)
            facts.append(f"{name} {label}: {min(values):.1f} to {max(values):.1f}")
        axis.set_xlabel(label)
        axis.grid(axis="x", alpha=0.3)
    axes[0].set_yticks(range(len(names)), [name.replace("x", "×") for name in names])
    axes[0].invert_yaxis()
    axes[1].set_xlim(left=0)
    return figure, f"For each kind of block a point a seed. {'; '.join(facts)}."


def handed_on(layers: Sequence[Layer]) -> list[int]:
    """How many numbers the first convolution and each block hand on; a plain layer is a block.

    Args:
        layers: of `summary`, in float32.
    """
    convolutions = [layer for layer in layers if layer.kind == "Conv2d"]
    joints = [layer for layer in layers if layer.kind in ("Add", "Concat")]
    return [layer.memory // 4 for layer in ([convolutions[0], *joints] if joints else convolutions)]


@picture
def error_by_depth(
    nets: Mapping[str, Mapping[tuple[str, int], Sequence[float]]], height: float = 3.4
) -> tuple[Figure, str]:
    """Errors of nets without and with shortcuts by their depth: the mean of the runs, their range.

    Args:
        nets: {title of a panel: {("plain" or "residual", layers): errors in percent, one a run}}.
            What is known of one run alone has its number written in.
        height: inches.
    """
    figure, axes = panels(len(nets), height=height)
    facts = []
    for axis, (title, errors) in zip(axes, nets.items(), strict=True):
        ends = []
        for kind, colour, mark, style in [
            ("plain", VERMILION, "s", "--"),
            ("residual", BLUE, "o", "-"),
        ]:
            found = {
                depth: runs for (which, depth), runs in sorted(errors.items()) if which == kind
            }
            means = [np.mean(runs) for runs in found.values()]
            ranges = [
                [abs(worst(runs) - mean) for runs, mean in zip(found.values(), means, strict=True)]
                for worst in (min, max)
            ]
            look = {"color": colour, "marker": mark, "ls": style, "capsize": 4}
            axis.errorbar(list(found), means, ranges, **look)
            for (depth, runs), mean in zip(found.items(), means, strict=True):
                facts.append(f"{title}, {kind}-{depth}: {mean:.4g}")
                if len(runs) == 1:
                    up = kind == "plain"
                    axis.annotate(
                        *(f"{mean:.2f}", (depth, mean), (0, 9 if up else -9)),
                        textcoords="offset points",
                        ha="center",
                        va="bottom" if up else "top",
                        color=colour,
                    )
            ends.append((max(found), means[-1], kind, colour))
        axis.set(title=title, xlabel="layers", xticks=sorted({depth for _, depth in errors}))
        axis.margins(x=0.12, y=0.17)
        label_ends(axis, ends)
    return figure, f"Errors by depth. {'; '.join(facts)}."


@picture
def along_the_net(nets: Mapping[str, Sequence[Layer]], height: float = 3.4) -> tuple[Figure, str]:
    """How much each convolution sees, and how many numbers each block gives, along several nets.

    Args:
        nets: {name: layers of `summary`}.
        height: inches.
    """
    figure, axes = panels(2, height=height)
    facts, ends = [], ([], [])
    for (name, layers), style, colour in zip(
        nets.items(), LINES, (BLUE, VERMILION, GREEN, ORANGE, PURPLE), strict=False
    ):
        shown = [layer for layer in layers if layer.kind == "Conv2d"]
        sees = np.maximum.accumulate([layer.sees for layer in shown])
        size = handed_on(layers)
        for axis, values, own_ends in zip(axes, (sees, size), ends, strict=True):
            axis.plot(np.linspace(0, 1, len(values)), values, color=colour, ls=style)
            own_ends.append((1, values[-1], name, colour))
        facts.append(
            f"{name}: sees {sees[0]} to {sees[-1]} pixels, "
            f"gives {short(size[0])} to {short(size[-1])} numbers"
        )
    axes[0].set(yscale="log", title="one output sees, pixels", xlabel="first to last convolution")
    axes[1].set(yscale="log", title="numbers that a block gives", xlabel="first to last block")
    for axis, own_ends in zip(axes, ends, strict=True):
        axis.set_xticks([0, 1], ["first", "last"])
        axis.grid(alpha=0.3)
        label_ends(axis, own_ends)
    return (
        figure,
        f"Along the nets an output sees more, of fewer. {'; '.join(facts)}.",
    )


@picture
def side_by_side(nets: Mapping[str, Sequence[Layer]], height: float = 4.6) -> tuple[Figure, str]:
    """Nets one below the other, a bar for each layer with weights, an arc for each shortcut.

    Args:
        nets: {name: layers of `summary`}.
        height: inches.
    """
    figure, axes = panels(1, len(nets), height=height, sharex=True)
    facts = []
    for axis, (name, layers) in zip(axes, nets.items(), strict=True):
        shapes: list[tuple[int, ...]] = []
        starts, arcs = 0, []
        carried: tuple[int, ...] = ()
        for layer in layers:
            if layer.kind in ("Conv2d", "Linear") and ".shortcut" not in layer.name:
                shapes.append(layer.output_shape)
            elif layer.kind == "Add":
                end = len(shapes) - 1
                arcs.append((starts, end, carried != layer.output_shape))
                starts, carried = end, layer.output_shape
            elif layer.kind == "MaxPool2d":  # the pooling behind the first convolution
                starts, carried = len(shapes) - 1, layer.output_shape
        for place, shape in enumerate(shapes):
            wide = shape[-1] if len(shape) == 3 else 2
            colour = COLOURS["3×3"] if len(shape) == 3 else COLOURS["1×1"]
            axis.bar(place, np.log2(wide), width=0.8, color=colour, edgecolor="black", lw=0.6)
            if place == 0 or shapes[place - 1] != shape:
                alike = next(
                    (i for i, s in enumerate(shapes[place:]) if s != shape), len(shapes) - place
                )
                size = f"{shape[0]}" + (f"\n{wide}²" if len(shape) == 3 else "")
                axis.text(place + (alike - 1) / 2, -0.4, size, ha="center", va="top", fontsize=9)
        for start, end, changed in arcs:
            along = np.linspace(0, 1, 30)
            foot = np.interp(along, [0, 1], [np.log2(shapes[i][-1]) for i in (start, end)])
            line = {"color": VERMILION, "lw": 1.5, "ls": ":" if changed else "-"}
            axis.plot(start + along * (end - start), foot + 1.6 * np.sin(np.pi * along), **line)
        work = short(sum(layer.multiply_adds for layer in layers))
        axis.set_title(f"{name}: {len(shapes)} layers, {work} multiply-adds", loc="left")
        axis.set(ylim=(0, 10), yticks=[], xticks=[])
        axis.spines[["left", "bottom"]].set_visible(False)
        facts.append(f"{name}: {len(shapes)} layers with weights, {len(arcs)} shortcuts, {work}")
    return figure, f"Rows of bars, lower and lower from left to right. {'; '.join(facts)}."
