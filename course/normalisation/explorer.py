"""Something to move: a batch of numbers, a column for each channel, normalised in either mode."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from course.normalisation.reference import batch_norm
from course.style import Cell, cells, number_text
from course.widgets import Explorer, Grid, Sign, View, column, row

TRAINING, EVAL = "training", "eval"
# The first example never changes. In the first four the first channel has 1, 2, 3 and 6.
COMPANY = {
    "mixed": [
        [6, 1, -4],
        [1, -1, 2],
        [2, 0, -6],
        [3, 2, 0],
        [0, -2, -3],
        [5, 1, 1],
        [4, 0, -5],
        [3, -1, -1],
    ],
    "all much like the first": [
        [6, 1, -4],
        [6, 1, -5],
        [7, 2, -4],
        [5, 1, -3],
        [6, 0, -4],
        [7, 1, -4],
        [6, 2, -5],
        [5, 1, -4],
    ],
}
RUNNING_MEAN, RUNNING_VAR = np.array([3.0, 0.0, -2.0]), np.array([4.0, 2.0, 8.0])


class NormalisationExplorer(Explorer):
    """Choose mode, batch size and company; the first example stays, its output does not.

    Attributes:
        x, y: (N, C), input and output of the norm.
        mean, var: (C,), the statistics that were used.
    """

    def __init__(self):
        self.x = self.y = self.mean = self.var = np.zeros(0)
        wide = {"style": {"description_width": "6em"}}
        self.mode = ipywidgets.ToggleButtons(
            options=[TRAINING, EVAL], description="mode", tooltips=["model.train()", "model.eval()"]
        )
        self.size = ipywidgets.IntSlider(4, 1, 8, description="batch size", **wide)
        self.company = ipywidgets.Dropdown(options=list(COMPANY), description="company", **wide)
        self.gamma = ipywidgets.FloatSlider(1, min=-3, max=3, step=0.5, description="gamma", **wide)
        self.beta = ipywidgets.FloatSlider(0, min=-3, max=3, step=0.5, description="beta", **wide)
        watched = [self.mode, self.size, self.company, self.gamma, self.beta]
        super().__init__(
            "normalisation",
            [
                self.mode,
                ipywidgets.VBox([self.size, self.company]),
                ipywidgets.VBox([self.gamma, self.beta]),
            ],
            watched=watched,
        )

    def view(self) -> View:
        x = np.array(COMPANY[self.company.value][: self.size.value], dtype=float)
        training = self.mode.value == TRAINING
        if training and len(x) == 1:
            raise ValueError(
                "in training a channel needs more than one number: choose a larger batch, or eval"
            )
        channels = x.shape[1]
        scale, shift = (np.full(channels, s.value) for s in (self.gamma, self.beta))
        self.y = batch_norm(x, RUNNING_MEAN.copy(), RUNNING_VAR.copy(), scale, shift, training)
        self.x = x
        self.mean, self.var = (
            (x.mean(axis=0), x.var(axis=0)) if training else (RUNNING_MEAN, RUNNING_VAR)
        )
        named = [f"channel {c}" for c in range(channels)]
        examples = [f"example {n}" for n in range(len(x))]
        look = {"size": (30, 72), "columns": named}
        statistics = [
            [Cell("#eeeeee", number_text(value)) for value in values]
            for values in (self.mean, self.var)
        ]
        return View(
            row(
                column(
                    Grid("input", "batch", cells(x), role="windows", rows=examples, **look),
                    Grid(
                        "statistics",
                        "of this batch" if training else "kept from training",
                        statistics,
                        rows=["mean", "variance"],
                        **look,
                    ),
                ),
                Sign("→"),
                Grid("output", "output", cells(self.y), role="places", rows=examples, **look),
            ),
            ([[n] for n in range(len(x))], [[c] for c in range(channels)]),
            [[self._sentence(n, c) for c in range(channels)] for n in range(len(x))],
            note='<p aria-live="polite">Example 0 is the same in every batch. Its output is '
            f"<b>{', '.join(number_text(value) for value in self.y[0])}</b>"
            + (", and follows its company.</p>" if training else ", whatever its company.</p>"),
            label="a batch and its normalised output; arrow keys choose a number",
        )

    def _sentence(self, n: int, c: int) -> str:
        x, mean, var, y = (
            number_text(value, 3)
            for value in (self.x[n, c], self.mean[c], self.var[c], self.y[n, c])
        )
        gamma, beta = number_text(self.gamma.value), number_text(self.beta.value)
        return f"{gamma} · ({x} − ({mean})) / √{var} + ({beta}) = <b>{y}</b>"


def explorer(**options: Any) -> NormalisationExplorer:
    """The explorer."""
    return NormalisationExplorer(**options)
