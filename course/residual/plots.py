"""Four plots of each student's own, drawn from a name: one of them cannot be true."""

from __future__ import annotations

import dataclasses
import itertools

from course.checking import Draw
from course.counting.own import draw_of

# What may be said against a plot. The first five are true, of some plot; the others never are.
REASONS = {
    "record": "the lowest value so far never rises",
    "sign": "a cross-entropy is never negative",
    "share": "of 40 pictures, the wrong ones are a multiple of 2.5 %",
    "rectifier": "behind a rectifier nothing is negative",
    "company": "in eval mode the other pictures of a batch change nothing",
    "depth": "a deeper net has no higher training error",
    "vanish": "gradients get smaller on their way to the first layer",
    "descent": "a loss falls at every step",
    "gap": "the test error lies above the training error",
    "growth": "what a residual block puts out is no larger than what it reads",
}


@dataclasses.dataclass(frozen=True)
class Plot:
    """A plot: its title and axes, what is drawn, and against a false one the reason and place."""

    title: str
    xlabel: str
    ylabel: str
    x: tuple
    y: tuple
    reason: str = ""
    at: int | None = None


def _falling(draw: Draw, count: int, start: float, end: float) -> list[float]:
    """Values that fall from start to end, the less the later."""
    parts = sorted((draw.integer(2, 30) / 10 for _ in range(count - 1)), reverse=True)
    sums = [0.0, *itertools.accumulate(parts)]
    return [start + (end - start) * s / sums[-1] for s in sums]


def _rounded(values, digits: int) -> tuple:
    return tuple(round(value, digits) for value in values)


def _record(draw):
    y = _falling(draw, 9, draw.integer(30, 60), draw.integer(4, 8))
    at = draw.integer(3, 7)
    y[at - 1] = y[at - 2] + draw.integer(10, 25) / 10
    for later in range(at, 9):  # nothing else rises
        y[later] = min(y[later], y[later - 1])
    x = tuple(range(1, 10))
    return Plot("Lowest test error so far", "epoch", "%", x, _rounded(y, 1), "record", at)


def _sign(draw):
    y = _falling(draw, 9, draw.integer(18, 23) / 10, 0.05)
    at = draw.integer(5, 8)
    y[at - 1] = -draw.integer(3, 12) / 100
    x = tuple(range(1, 10))
    return Plot("Training loss (cross-entropy)", "epoch", "loss", x, _rounded(y, 2), "sign", at)


def _share(draw):
    y = [2.5 * round(v / 2.5) for v in _falling(draw, 9, draw.integer(40, 80), 5)]
    at = draw.integer(2, 8)
    y[at - 1] += draw.choice(1.1, 1.3, -1.2)
    x = tuple(range(1, 10))
    return Plot("Error on 40 test pictures", "epoch", "%", x, _rounded(y, 1), "share", at)


def _rectifier(draw):
    y = [draw.integer(0, 9) / 100 * draw.integer(0, 1) for _ in range(9)]
    at = draw.integer(2, 8)
    y[at - 1] = -draw.integer(2, 9) / 100
    x = tuple(range(1, 10))
    return Plot(
        *("Smallest output of relu(F + x)", "block", "output", x, _rounded(y, 2)),
        *("rectifier", at),
    )


def _company(draw):
    right = draw.integer(60, 90) / 10
    x = (1, 2, 4, 8, 16, 32, 64, 128)
    at = draw.choice(*x[1:-1])
    y = [right + (draw.integer(5, 15) / 10 if n == at else 0) for n in x]
    return Plot(
        *("Test error in eval mode (batch norm)", "batch size of the test", "%", x),
        *(_rounded(y, 1), "company", at),
    )


def _depth(draw):
    x = (8, 14, 20, 26, 32, 44, 56)
    y = _falling(draw, 7, draw.integer(20, 30), draw.integer(2, 6))[::-1]
    return Plot("Training error of plain nets", "layers", "%", x, _rounded(y, 1))


def _vanish(draw):
    x = tuple(range(1, 10))
    y = _falling(draw, 9, draw.integer(50, 90), draw.integer(1, 4))
    return Plot("Norm of the gradient at the start", "layer", "norm", x, _rounded(y, 1))


def _descent(draw):
    x = tuple(range(10, 100, 10))
    y = _falling(draw, 9, draw.integer(18, 23) / 10, 0.3)
    y[draw.integer(3, 6)] += draw.integer(8, 20) / 10
    return Plot("Training loss (cross-entropy)", "step", "loss", x, _rounded(y, 2))


def _gap(draw):
    x = tuple(range(1, 10))
    start = draw.integer(20, 60) / 10
    y = [start - n * draw.integer(10, 16) / 10 for n in range(9)][::-1]
    return Plot("Test error minus training error (dropout)", "epoch", "points", x, _rounded(y, 1))


def _growth(draw):
    x = tuple(range(1, 10))
    y = _falling(draw, 9, draw.integer(60, 90), draw.integer(2, 5))[::-1]
    return Plot("Largest output of a residual block", "block", "output", x, _rounded(y, 1))


FALSE = (_record, _sign, _share, _rectifier, _company)
# Surprising, and true of some net: by the reason that is said against it.
TRUE = {
    "depth": _depth,
    "vanish": _vanish,
    "descent": _descent,
    "gap": _gap,
    "growth": _growth,
}


@dataclasses.dataclass(frozen=True)
class OwnPlots:
    """Plots by their letters, and the letter of the false one; of a true one, what it surprises."""

    plots: dict[str, Plot]
    false: str
    surprises: dict[str, str]

    @property
    def wrong(self) -> Plot:
        """The plot that cannot be true."""
        return self.plots[self.false]


def own_plots(name: str) -> OwnPlots:
    """Draw the plots of a name.

    Raises:
        ValueError: the name is empty or no text.
    """
    draw = draw_of(name, "plots")
    kinds = [list(TRUE)[k] for k in draw.distinct(3, 0, len(TRUE) - 1)]
    made = [(draw.choice(*FALSE)(draw), ""), *((TRUE[kind](draw), kind) for kind in kinds)]
    letters = ["ABCD"[k] for k in draw.distinct(4, 0, 3)]
    plots = {letter: plot for letter, (plot, _) in sorted(zip(letters, made, strict=True))}
    surprises = {letter: kind for letter, (_, kind) in zip(letters, made, strict=True) if kind}
    return OwnPlots(plots, letters[0], surprises)


def show_plots(name: str) -> None:
    """Draw the four plots of a name, each value written beside its point, and print the reasons."""
    import matplotlib.pyplot as plt  # a check draws nothing, and does not wait for it

    _, axes = plt.subplots(2, 2, figsize=(11, 7), layout="constrained")
    for axis, (letter, plot) in zip(axes.flat, own_plots(name).plots.items(), strict=True):
        places = range(len(plot.x))
        axis.plot(places, plot.y, "o-", color="tab:blue", ms=4)
        for place, value in zip(places, plot.y, strict=True):
            axis.annotate(
                f"{value:g}",
                (place, value),
                textcoords="offset points",
                xytext=(0, 6),
                ha="center",
                fontsize=9,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
            )
        axis.set_xticks(places, [str(n) for n in plot.x])
        axis.set(title=f"{letter}. {plot.title}", xlabel=plot.xlabel, ylabel=plot.ylabel)
        axis.margins(x=0.06, y=0.16)
    plt.show()
    for key, words in REASONS.items():
        print(f'{key!r:>12}  "{words}"')
