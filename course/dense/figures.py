"""Draws masks beside what a net says, maps that have grown, what was measured, and five inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy import ndarray

from course.dense import inputs
from course.style import BLUE, ORANGE, VERMILION, outline, panels, picture

NEITHER, HIT, MISSED, INVENTED = "#303030", "#ffffff", ORANGE, BLUE


def _coloured(said: ndarray, right: ndarray) -> ndarray:
    """Masks (H, W) as one picture (H, W, 3): dark, white, orange (missed), blue (invented)."""
    colours = np.array([[_rgb(NEITHER), _rgb(INVENTED)], [_rgb(MISSED), _rgb(HIT)]])
    return colours[right.astype(int), said.astype(int)]


def _rgb(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


@picture
def masks(
    images: ndarray, right: ndarray, said: Mapping[str, ndarray], height: float | None = None
) -> tuple[Figure, str]:
    """Pictures in a row, under each what is right and what each net says.

    Args:
        images: (N, H, W) from 0 to 1.
        right: (N, H, W) bool.
        said: {name: (N, H, W) bool}.
        height: inches; as the rows need when None.
    """
    lines = {"picture": images, "right": right, **said}
    count = len(images)
    figure, axes = panels(count, len(lines), height=height or 1.25 * len(lines))
    for line, (name, values) in enumerate(lines.items()):
        for column in range(count):
            axis = axes[line * count + column]
            axis.set(xticks=[], yticks=[])
            if name == "picture":
                axis.imshow(values[column], cmap="gray", vmin=0, vmax=1)
            else:
                axis.imshow(_coloured(values[column], right[column]))
            if column == 0:
                axis.set_ylabel(name, rotation=0, ha="right", va="center")
    shares = [
        f"{name}: {100 * (values & right).sum() / (values | right).sum():.0f} % of the union"
        for name, values in said.items()
    ]
    return figure, (
        f"{count} pictures, their digits' masks, and what nets say: white is right, orange missed, "
        f"blue invented. {'; '.join(shares)}."
    )


@picture
def questions(
    image: ndarray, label: int, box: Sequence[int], mask: ndarray, height: float = 2.6
) -> tuple[Figure, str]:
    """One picture and four kinds of answer: a class, a box, a mask, a picture.

    Args:
        image: (H, W) from 0 to 1.
        label: its class.
        box: (top, left, height, width).
        mask: (H, W) bool.
        height: inches.
    """
    figure, axes = panels(4, height=height)
    shown = [image, image, mask, image * mask]
    titles = ["which digit?", "where is it?", "which pixels?", "how without clutter?"]
    answers = ["10 numbers", "14 numbers", "2 × 16 × 16", "1 × 16 × 16"]
    for axis, values, title, answer in zip(axes, shown, titles, answers, strict=True):
        axis.imshow(values, cmap="gray", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[], title=title, xlabel=answer)
    axes[0].text(
        *(0.84, 0.2, str(label)),
        transform=axes[0].transAxes,
        ha="center",
        va="center",
        fontsize=48,
        color=ORANGE,
        weight="bold",
    )
    top, left, tall, wide = box
    outline(axes[1], top - 0.5, left - 0.5, tall, wide)
    return figure, (
        f"A digit {label} in clutter with four answers: its class, a frame around it, its "
        "pixels in white, and the picture without the clutter."
    )


@picture
def grown(maps: Mapping[str, ndarray], height: float = 2.4) -> tuple[Figure, str]:
    """Maps side by side, each from its own darkest to its own brightest.

    Args:
        maps: {title: (H, W)}; one that is constant is drawn grey.
        height: inches.
    """
    figure, axes = panels(len(maps), height=height)
    facts = []
    for axis, (title, values) in zip(axes, maps.items(), strict=True):
        low, high = float(values.min()), float(values.max())
        even = high - low < 1e-5 * max(abs(high), 1e-9)
        limits = (low - 1, low + 1) if even else (low, high)
        axis.imshow(values, cmap="gray", vmin=limits[0], vmax=limits[1])
        axis.set(xticks=[], yticks=[])
        axis.set_title(title, fontsize=10)
        facts.append(f"{title}: {'even' if even else f'from {low:.2f} to {high:.2f}'}")
    return figure, f"Maps: {'; '.join(facts)}."


@picture
def measured(
    rows: Sequence[dict],
    names: Sequence[str],
    columns: Mapping[str, str],
    height: float | None = None,
) -> tuple[Figure, str]:
    """What nets reached: a point for the mean of the seeds, a line from the lowest to the highest.

    Args:
        rows: of `experiment.run`.
        names: the nets to show, from top to bottom.
        columns: {column of the rows: label of an axis}, an axes for each.
        height: inches.
    """
    figure, axes = panels(len(columns), height=height or 0.9 + 0.36 * len(names), sharey=True)
    facts = []
    for axis, (column, label) in zip(axes, columns.items(), strict=True):
        for line, name in enumerate(names):
            values = [row[column] for row in rows if row["net"] == name]
            colour = VERMILION if "no skips" in name else BLUE
            axis.plot([min(values), max(values)], [line, line], "-", color=colour)
            axis.plot(np.mean(values), line, "s" if "no skips" in name else "o", color=colour)
            axis.annotate(
                f"{np.mean(values):.0f}",
                (max(values), line),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=10,
            )
            facts.append(f"{name}, {label}: {np.mean(values):.0f}")
        axis.set(xlabel=label)
        axis.margins(x=0.18, y=0.12)
        axis.grid(axis="x", alpha=0.3)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    return figure, f"Means of three seeds. {'; '.join(facts)}."


@picture
def kinds(height: float = 5.2) -> tuple[Figure, str]:
    """Six inputs: a sound, its spectrogram, a walk, a colour picture, a volume, a film."""
    figure, axes = panels(3, 2, height=height)
    wave = inputs.sound()[0]
    axes[0].plot(np.arange(len(wave)) / inputs.RATE, wave, lw=0.3)
    axes[0].set(title="a sound: 1 axis, 1 channel", xlabel="seconds", yticks=[])
    spectrum = inputs.spectrogram(inputs.sound())[0]
    axes[1].imshow(
        np.log(spectrum + 1),
        cmap="gray",
        origin="lower",
        aspect="auto",
        extent=(0, len(wave) / inputs.RATE, 0, inputs.RATE / 2000),
    )
    axes[1].set(title="its spectrogram: 2 axes, 1 channel", xlabel="seconds", ylabel="kHz")
    angles = inputs.walk()
    for angle, name in zip(angles[:3], inputs.JOINTS[:3], strict=True):
        t = np.arange(angles.shape[1]) / inputs.FRAMES
        axes[2].plot(t, angle)
        axes[2].text(t[-1] + 0.08, angle[-1], name.split()[1], va="center", fontsize=9)
    axes[2].set(title="a walk: 1 axis, 6 channels", xlabel="seconds", ylabel="degrees", xlim=(0, 5))
    axes[3].imshow(np.moveaxis(inputs.picture(), 0, 2))
    axes[3].set(title="a picture: 2 axes, 3 channels", xticks=[], yticks=[])
    slices = inputs.volume()[0, [8, 11, 16, 22]]
    axes[4].imshow(_four(slices), cmap="gray")
    axes[4].set(title="a volume: 3 axes, 1 channel", xticks=[], yticks=[], xlabel="four slices")
    frames = inputs.film()[:, [0, 5, 10, 15]]
    axes[5].imshow(_four(np.moveaxis(frames, 0, -1)))
    axes[5].set(title="a film: 3 axes, 3 channels", xticks=[], yticks=[], xlabel="four frames")
    for axis in axes:
        axis.title.set_fontsize(10.5)
    return figure, (
        "A wave; its spectrogram with two chords of lines and one line that climbs; three curves "
        "of angles that repeat; a photograph of a temple; slices of nested ellipses; frames of a "
        "film."
    )


def _four(pictures):
    """Four pictures, (4, H, W) or (4, H, W, 3), as one of two rows, with white between them."""
    frame = [(0, 0), (1, 1), (1, 1), (0, 0)][: pictures.ndim]
    pictures = np.pad(pictures, frame, constant_values=pictures.max())
    return np.vstack([np.hstack(pictures[:2]), np.hstack(pictures[2:])])


@picture
def skips(classes: int = 2, height: float = 3.4) -> tuple[Figure, str]:
    """The net of the lecture on a picture of 16 x 16: down by poolings, up again, two skips."""
    figure, (axis,) = panels(height=height)
    places = {  # name: (column, row, what it says)
        "in": (0, 0, "1\n16 × 16"),
        "down1": (1.3, 0, "8\n16 × 16"),
        "down2": (2.3, -1, "16\n8 × 8"),
        "bottom": (3.5, -2, "32\n4 × 4"),
        "both2": (4.7, -1, "16 + 16\n8 × 8"),
        "up2": (5.9, -1, "16\n8 × 8"),
        "both1": (6.9, 0, "8 + 8\n16 × 16"),
        "up1": (8.1, 0, "8\n16 × 16"),
        "out": (9.9, 0, f"{classes}\n16 × 16"),
    }
    for column, row, text in places.values():
        box = {"boxstyle": "round,pad=0.35", "facecolor": "#e8f1f8", "edgecolor": BLUE}
        axis.text(column, row, text, ha="center", va="center", fontsize=11, bbox=box)
    arrows = [
        *[(a, b, "#555555", "") for a, b in [("in", "down1"), ("both2", "up2"), ("both1", "up1")]],
        *[(a, b, "#555555", "pool") for a, b in [("down1", "down2"), ("down2", "bottom")]],
        *[(a, b, "#555555", "grow") for a, b in [("bottom", "both2"), ("up2", "both1")]],
        *[(a, b, VERMILION, "skip") for a, b in [("down1", "both1"), ("down2", "both2")]],
        ("up1", "out", "#555555", "1 × 1"),
    ]
    for start, end, colour, word in arrows:
        (x0, y0, _), (x1, y1, _) = places[start], places[end]
        axis.annotate(
            "",
            (x1, y1),
            (x0, y0),
            arrowprops={
                "arrowstyle": "-|>",
                "color": colour,
                "lw": 1.5,
                "shrinkA": 27,
                "shrinkB": 27,
            },
        )
        level = y0 == y1
        axis.text(
            *((x0 + x1) / 2 + 0.12 * (y0 - y1), (y0 + y1) / 2 + 0.07 * level, word),
            ha="center" if level else "left" if y1 < y0 else "right",
            va="bottom" if level else "center",
            color=colour,
            fontsize=10.5,
        )
    axis.set(xlim=(-0.6, 10.5), ylim=(-2.4, 0.5))
    axis.axis("off")
    return figure, (
        "A net like the letter U: maps of 16 x 16, 8 x 8 and 4 x 4 going down, and up again; two "
        "arrows lead straight across, from the map of 16 x 16 and that of 8 x 8 to their equals."
    )
