"""Draws how devices share the work: shards, the ring, AlexNet's columns, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course import runs
from course.devices.reference import ring_seconds, ring_steps
from course.style import (
    BLUE,
    GREEN,
    LINES,
    VERMILION,
    label_ends,
    number_grid,
    outline,
    panels,
    picture,
)

COLOURS = (BLUE, VERMILION, GREEN, "#000000")


@picture
def data_parallel(counts: Sequence[int], height: float = 3.6) -> tuple[Figure, str]:
    """Each device with its own examples and its own copy of the net; the gradients meet.

    Args:
        counts: examples of each device.
        height: inches.
    """
    figure, (axis,) = panels(height=height)
    total, wide = sum(counts), 3.0
    first = 0
    for d, count in enumerate(counts):
        x = d * wide
        last = first + count - 1
        _box(axis, x, 3.0, f"examples {first} to {last}", f"device {d}")
        _box(axis, x, 2.0, "the same weights")
        _box(axis, x, 1.0, f"$g_{d}$, mean over {count}")
        _box(axis, x, -1.0, "the same step")
        for y in (2.75, 1.75, 0.75, -0.25):
            _arrow(axis, (x, y), (x, y - 0.5))
        first += count
    middle = wide * (len(counts) - 1) / 2
    words = " + ".join(rf"{n}\, g_{d}" for d, n in enumerate(counts))
    _box(
        axis,
        middle,
        0.0,
        rf"all-reduce:  $g = ({words})\,/\,{total}$",
        width=wide * (len(counts) - 1) + 2.4,
    )
    axis.set(xlim=(-1.4, wide * (len(counts) - 1) + 1.4), ylim=(-1.4, 3.75))
    axis.axis("off")
    dealt = ", ".join(map(str, counts))
    return figure, (
        f"{len(counts)} columns, one for each device, with {dealt} examples: examples, the same "
        "weights, a gradient; one wide box averages the gradients over all; then the same step."
    )


@picture
def ring(values: Sequence[np.ndarray], height: float = 5.0) -> tuple[Figure, str]:
    """Every state of a ring all-reduce; what is about to be sent is framed.

    Args:
        values: one array for each device, with one number for each.
        height: inches.
    """
    states, devices = ring_steps(values), len(values)
    half = devices - 1
    figure, axes = panels(half + 1, 2, height=height)
    grids = [np.array([[chunk[0] for chunk in row] for row in state]) for state in states]
    top = max(float(np.abs(grid).max()) for grid in grids)
    # The lower row begins with the state that the upper one ends with.
    for place, s in enumerate([*range(half + 1), *range(half, 2 * half + 1)]):
        axis = axes[place]
        title = "at first" if s == 0 else "all sums" if s == 2 * half else f"after step {s}"
        number_grid(axis, grids[s], title, limits=(-top, top))
        for d in range(devices):
            if s < 2 * half and place != half:
                outline(axis, d, (d - s) % devices)
        if place % (half + 1) == 0:
            axis.set_yticks(np.arange(devices) + 0.5, [f"device {d}" for d in range(devices)])
    figure.supxlabel("above: what comes is added; below: what comes is taken as it is", fontsize=11)
    rows = "; ".join(f"after {s}: {grid.tolist()}" for s, grid in enumerate(grids))
    return figure, (
        f"Grids, a row for each of {devices} devices and a column for each chunk. {rows}. In each "
        "step every device sends one chunk to the next device."
    )


@picture
def columns(height: float = 4.4) -> tuple[Figure, str]:
    """AlexNet over two GPUs: which layers read their own column alone, and where the two meet."""
    figure, (axis,) = panels(height=height)
    layers = [
        ("input", "3 × 224 × 224", None),
        ("conv 1", "48 × 55 × 55", True),
        ("conv 2", "128 × 27 × 27", False),
        ("conv 3", "192 × 13 × 13", True),
        ("conv 4", "192 × 13 × 13", False),
        ("conv 5", "128 × 13 × 13", False),
        ("fc 6", "2048", True),
        ("fc 7", "2048", True),
        ("fc 8", "1000", True),
    ]
    last = len(layers) - 1
    for x, (name, shape, meets) in enumerate(layers):
        ys = (0.0,) if x in (0, last) else (0.62, -0.62)
        for y in ys:
            label = shape.replace(" × ", " maps\n", 1)
            _box(axis, x, y, f"{name}\n{label}", width=0.8, tall=0.84, size=9)
        if not x:
            continue
        sources = (0.0,) if x == 1 else (0.62, -0.62)
        for y in ys:
            for source in sources:
                crosses = source != y and len(sources) == 2 and len(ys) == 2
                if crosses and not meets:
                    continue
                colour = VERMILION if meets and x > 1 else "#555555"
                _arrow(axis, (x - 0.58, source), (x - 0.42, y), colour)
    axis.text(0.9, 1.2, "GPU 0", fontsize=11, ha="center")
    axis.text(0.9, -1.3, "GPU 1", fontsize=11, ha="center")
    for x in (3, 6, 7, 8):
        axis.text(x - 0.5, 1.2, "meet", fontsize=10, ha="center", color=VERMILION)
    axis.set(xlim=(-0.5, last + 0.5), ylim=(-1.45, 1.4))
    axis.axis("off")
    return figure, (
        "Boxes from the input to the 1000 scores in two rows, one for each GPU. Convolutions 2, 4 "
        "and 5 have arrows within their row alone; before convolution 3 and before each of the "
        "fully-connected layers arrows cross between the rows."
    )


@picture
def all_reduce_times(
    rows: Sequence[dict], fits: Mapping[int, tuple[float, float]], height: float = 3.8
) -> tuple[Figure, str]:
    """Measured times of all-reduces, with the two-number model of the ring; ours for two processes.

    Args:
        rows: of `experiment.run`.
        fits: {number of processes: (latency in seconds, bandwidth in bytes a second)}.
        height: inches.
    """
    figure, (axis,) = panels(height=height)
    facts, ends = [], []
    for (devices, (latency, bandwidth)), colour, mark in zip(
        fits.items(), (BLUE, VERMILION), "os", strict=False
    ):
        ways = ("library", "own ring") if devices == 2 else ("library",)
        for way in ways:
            found = [
                (4 * row["size"], row["value"])
                for row in rows
                if (row["experiment"], row["devices"], row["setting"], row["what"])
                == ("seconds", devices, way, "best")
            ]
            sizes, times = zip(*found, strict=True)
            filled = way == "library"
            name = "torch's" if filled else "our ring"
            axis.plot(sizes, times, mark, color=colour, mfc=colour if filled else "none", ls="")
            label = f"{devices} processes, {name}" + filled * ",\nand the model of it"
            ends.append((sizes[-1], times[-1], label, colour))
            facts.append(f"{devices} processes, {name}: {times[0]:.2g} s to {times[-1]:.2g} s")
        line = np.logspace(np.log10(sizes[0]), np.log10(sizes[-1]), 100)
        axis.plot(
            line,
            [ring_seconds(n, devices, bandwidth, latency) for n in line],
            color=colour,
            ls="-" if mark == "o" else "--",
        )
    axis.set(xscale="log", yscale="log", xlabel="bytes on each device", ylabel="seconds")
    axis.grid(alpha=0.3)
    label_ends(axis, ends, size=10, space=2.6)
    return figure, f"Times of all-reduces, flat up to some 100 kB, then rising: {'; '.join(facts)}."


@picture
def parts(rows: Sequence[dict], batch_size: int = 64, height: float = 3.6) -> tuple[Figure, str]:
    """Test accuracy over how many examples each device normalises by, the batch staying as it is.

    Args:
        rows: of `experiment.run`.
        batch_size: over all devices.
        height: inches.
    """
    figure, (axis,) = panels(height=height)
    mine = [r for r in rows if (r["experiment"], r["what"]) == ("parts", "test accuracy")]
    found = runs.over_seeds(mine, ["setting", "devices"], "value")
    sharded = {batch_size // n: values for (norm, n), values in found.items() if norm == "sharded"}
    sizes = sorted(sharded)
    axis.plot(sizes, [np.mean(sharded[n]) for n in sizes], color=BLUE, ls=LINES[0])
    for n in sizes:
        axis.plot([n] * len(sharded[n]), sharded[n], "o", color=BLUE, ls="")
    group = found["group", 1]
    axis.axhline(np.mean(group), color=VERMILION, ls=LINES[1])
    axis.plot([sizes[-1] * 1.25] * len(group), group, "s", color=VERMILION, ls="")
    axis.set_xscale("log", base=2)
    axis.set_xticks(sizes, sizes)
    axis.set(xlabel=f"examples on each device, of a batch of {batch_size}", ylabel="accuracy, %")
    axis.set_xlim(sizes[0] * 0.8, sizes[-1] * 3)
    beside = sizes[-1] * 1.4
    axis.text(beside, np.mean(sharded[sizes[-1]]) + 1, "batch norm", color=BLUE, va="bottom")
    axis.text(beside, np.mean(group) - 1, "group norm", color=VERMILION, va="top")
    facts = ", ".join(f"{n}: {np.mean(sharded[n]):.1f}" for n in sizes)
    return figure, (
        f"Test accuracy in percent by examples on each device, batch norm: {facts}; group norm, "
        f"which does not ask: {np.mean(group):.1f}."
    )


@picture
def speed_ups(curves: Mapping[str, Mapping[int, float]], height: float = 3.6) -> tuple[Figure, str]:
    """How many times faster a step is on more devices; the diagonal is one for one.

    Args:
        curves: {name: {devices: speed-up}}.
        height: inches.
    """
    figure, (axis,) = panels(height=height)
    most = max(max(curve) for curve in curves.values())
    axis.plot([1, most], [1, most], color="#999999", ls=":", lw=1.2)
    axis.text(most, most, " as many times as devices", color="#555555", va="center", fontsize=10)
    facts = []
    for (name, curve), colour, line in zip(curves.items(), COLOURS, LINES, strict=False):
        axis.plot(list(curve), list(curve.values()), color=colour, ls=line, marker="o", ms=4)
        axis.text(most, curve[most], f" {name}", color=colour, va="center", fontsize=10)
        facts.append(f"{name} {curve[most]:.1f}")
    axis.set_xscale("log", base=2)
    axis.set_yscale("log", base=2)
    ticks = sorted(next(iter(curves.values())))
    axis.set_xticks(ticks, ticks)
    axis.set_yticks(ticks, ticks)
    axis.set(xlabel="devices", ylabel="times as fast as one", xlim=(0.95, most * 3.4))
    return figure, f"Speed-up over devices; with {most} devices: {'; '.join(facts)}."


def _box(axis, x, y, text, above="", width=2.4, tall=0.5, size=11):
    axis.add_patch(
        FancyBboxPatch(
            (x - width / 2 + 0.05, y - tall / 2 + 0.05),
            width - 0.1,
            tall - 0.1,
            boxstyle="round,pad=0.05",
            facecolor="#e8f1f8",
            edgecolor=BLUE,
        )
    )
    axis.text(x, y, text, ha="center", va="center", fontsize=size)
    if above:
        axis.text(x, y + tall / 2 + 0.1, above, ha="center", va="bottom", fontsize=size)


def _arrow(axis, start, end, colour="#555555"):
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.2})
