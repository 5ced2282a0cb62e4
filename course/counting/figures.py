"""Draws what networks cost, layer by layer and net against net; alternative text included."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from course.counting import reference
from course.style import BLUE, ORANGE, PURPLE, VERMILION, panels, picture

# Hatches tell the bars apart in grey print.
SERIES = [(BLUE, ""), (ORANGE, "//"), (PURPLE, "..")]


def short(value: float, unit: str = "") -> str:
    """A count to be read: "61.7 k", "1.28 G"; bytes in powers of ten too."""
    for size, prefix in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]:
        if value >= size:
            return f"{value / size:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}".rstrip()


@picture
def by_layer(
    layers: Sequence[reference.Layer],
    title: str,
    kinds: Sequence[str] = ("Conv2d", "Linear"),
    height: float = 4.6,
) -> tuple[Figure, str]:
    """Show where a net has its parameters, its outputs and its operations.

    Args:
        layers: of `reference.sequential` or `gpu.trace`.
        title: the net's name.
        kinds: which layers get a bar; the outputs of those after one are counted with it.
        height: inches.
    """
    rows: list[dict] = []
    for row in reference.layer_table(layers).rows:
        if row["kind"] in kinds:
            rows.append({"name": f"{len(rows) + 1} {row['kind']}", **row})
        elif rows:
            for key in ("parameters", "saved bytes"):
                rows[-1][key] += row[key]
    figure, axes = panels(3, height=height, sharey=True)
    figure.get_layout_engine().set(w_pad=0.15)  # the last number of an axis is as wide
    facts = []
    for axis, (colour, hatch), (key, label) in zip(
        axes,
        SERIES,
        [("parameters", "parameters"), ("saved bytes", "bytes kept"), ("multiply-adds",) * 2],
        strict=True,
    ):
        values = [row[key] for row in rows]
        axis.barh(range(len(rows)), values, color=colour, hatch=hatch, edgecolor="white")
        axis.set_title(f"{label}: {short(sum(values))}")
        axis.xaxis.set_major_formatter(lambda value, _: short(value) if value else "0")
        axis.locator_params(axis="x", nbins=3)
        largest = max(range(len(rows)), key=values.__getitem__)
        facts.append(
            f"the most {label} ({short(values[largest])}) in layer {rows[largest]['name']}"
        )
    axes[0].set_yticks(range(len(rows)), [row["name"] for row in rows], fontsize=11)
    axes[0].invert_yaxis()
    figure.suptitle(title)
    return figure, f"Bars for each layer of {title}: {'; '.join(facts)}."


@picture
def operations(designs: dict[str, dict[str, int]], height: float = 2.8) -> tuple[Figure, str]:
    """Compare designs of a module by the multiply-adds of their convolutions, on one scale.

    Args:
        designs: {name of the design: {name of the convolution: multiply-adds}}.
        height: inches.
    """
    figure, axes = panels(len(designs), height=height, sharex=True, sharey=True)
    ordered = sorted(designs.values(), key=len, reverse=True)
    parts = list(dict.fromkeys(part for design in ordered for part in design))
    for axis, (name, design) in zip(axes, designs.items(), strict=True):
        axis.barh(parts, [design.get(part, 0) for part in parts], color=BLUE)
        for row, part in enumerate(parts):
            text = short(design[part]) if part in design else "not there"
            colour = "black" if part in design else "#777777"
            axis.text(design.get(part, 0), row, f" {text}", va="center", fontsize=10, color=colour)
        axis.set_title(f"{name}: {short(sum(design.values()))} together")
        axis.set_xlabel("multiply-adds")
        axis.xaxis.set_major_formatter(lambda value, _: short(value) if value else "0")
        axis.locator_params(axis="x", nbins=4)
    axes[0].invert_yaxis()
    axes[0].margins(x=0.2)
    facts = "; ".join(
        f"{name}: {', '.join(f'{part} {short(count)}' for part, count in design.items())}; "
        f"{short(sum(design.values()))} together"
        for name, design in designs.items()
    )
    return figure, f"Bars of multiply-adds, a bar for each convolution. {facts}."


@picture
def nets(
    rows: Sequence[tuple[str, float, float]], below: Sequence[str] = (), height: float = 3.8
) -> tuple[Figure, str]:
    """Place nets by parameters and multiply-adds, both on logarithmic scales.

    Args:
        rows: (name, parameters, multiply-adds) of each.
        below: names to be written below their points, where others are in the way.
        height: inches.
    """
    figure, axes = panels(height=height)
    axis = axes[0]
    for name, parameters, macs in rows:
        axis.plot(parameters, macs, "o", color=VERMILION)
        place, side = ((5, -14), "left") if name in below else ((-4, 6), "right")
        axis.annotate(
            name, (parameters, macs), place, textcoords="offset points", ha=side, fontsize=10
        )
    axis.set(xscale="log", yscale="log", xlabel="parameters", ylabel="multiply-adds, one picture")
    axis.margins(x=0.15, y=0.12)
    facts = "; ".join(f"{name} {short(p)} and {short(m)}" for name, p, m in rows)
    return figure, f"Nets by their parameters and multiply-adds: {facts}."
