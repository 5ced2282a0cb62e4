"""Something to train: choose a depth and a shortcut, start a run, stop it, compare the runs."""

from __future__ import annotations

import html
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
import torch

from course import datasets
from course.residual import figures
from course.residual.nets import PlainNet, ResNet
from course.style import cells
from course.training import Training, gradient_norms
from course.widgets import Explorer, Grid, View, row

WIDTHS = (8, 16, 32)
DEPTHS = (8, 14, 20, 32, 44, 56)
ERROR, NORMS = "training error", "gradients before training"
WIDEST = 660  # of a grid, CSS pixels


class ResidualExplorer(Explorer):
    """Errors and gradient norms of runs that were made, and a button to make more.

    Args:
        rows: dicts of finished runs, with "kind", "depth", "seed", "epoch", "train_error".
        norms: {"plain-56": norms by layer, ...}, before training.
        images, labels: what to train on; scikit-learn's digits when None.
        epochs: of a run on demand.

    Attributes:
        rows, norms: what is shown, new runs included.
        thread: the run that goes on, or None.
        curves: the picture of all runs; drawn once for what there is to see in it.
    """

    def __init__(self, rows=(), norms=None, images=None, labels=None, epochs=5):
        self.rows, self.norms = list(rows), dict(norms or {})
        if images is None:
            digits = datasets.digits("train")
            images = torch.from_numpy(datasets.standardise(digits))
            labels = torch.tensor(digits.labels)
        self.images, self.labels, self.epochs = images, labels, epochs
        self.thread, self._stop, self._seed = None, threading.Event(), 100
        self._names, self._drawn = [], {}
        wide = {"style": {"description_width": "6em"}}
        wraps = ipywidgets.Layout(flex_flow="row wrap")  # a slider is not squeezed to a point
        self.depth = ipywidgets.SelectionSlider(
            options=DEPTHS, value=20, description="depth", **wide
        )
        self.shortcut = ipywidgets.Checkbox(True, description="with shortcuts", indent=False)
        self.show = ipywidgets.Dropdown(options=[ERROR, NORMS], description="show", **wide)
        self.start = ipywidgets.Button(description="train it", button_style="primary")
        self.stop = ipywidgets.Button(description="stop", disabled=True)
        self.progress = ipywidgets.IntProgress(description="training", max=1)
        self.chosen, self.status, self.curves = (ipywidgets.HTML() for _ in range(3))
        self.start.on_click(self._train)
        self.stop.on_click(lambda _: self._stop.set())
        super().__init__(
            "residual",
            [
                ipywidgets.VBox(
                    [
                        ipywidgets.HBox([self.depth, self.shortcut, self.show], layout=wraps),
                        ipywidgets.HBox([self.start, self.stop, self.progress], layout=wraps),
                        self.status,
                        self.chosen,
                    ]
                )
            ],
            watched=[self.show],
            below=[self.curves],
        )
        for control in (self.depth, self.shortcut):
            control.observe(self._choose, "value")
        self.grids.observe(self._moved, "place")
        self._choose()

    @property
    def name(self) -> str:
        """The net that the controls choose: "plain-20"."""
        return f"{'residual' if self.shortcut.value else 'plain'}-{self.depth.value}"

    def _choose(self, _=None):
        """Frame the chosen net's line; nothing is drawn again."""
        mine = [
            each["train_error"]
            for each in self.rows
            if f"{each['kind']}-{each['depth']}" == self.name
        ]
        about = f"last training error {mine[-1]:.1f} %" if mine else "not trained yet"
        self.chosen.value = f"<p>Chosen: <b>{self.name}</b>, {about}.</p>"
        if self.name in self._names:
            self.grids.place = [self._names.index(self.name), self.grids.place[1]]

    def _moved(self, change):
        """The frame was moved by hand: choose the net of its line."""
        if change["new"][0] < len(self._names):
            kind, depth = self._names[change["new"][0]].split("-")
            if int(depth) in DEPTHS:
                self.shortcut.value, self.depth.value = kind == "residual", int(depth)

    def _net(self):
        kind = ResNet if self.shortcut.value else PlainNet
        return kind(self.depth.value, widths=WIDTHS, in_channels=self.images.shape[1])

    def _train(self, _=None):
        if self.thread is not None and self.thread.is_alive():
            return
        self._seed += 1
        torch.manual_seed(self._seed)
        net, name = self._net(), self.name
        norms = [norm for _, norm in gradient_norms(net, self.images[:256], self.labels[:256])]
        self.norms[name] = norms
        training = Training(net, self.images, self.labels, seed=self._seed)
        self._stop.clear()
        self.progress.max, self.progress.value = self.epochs * training.steps, 0
        self.start.disabled, self.stop.disabled = True, False
        # In a thread, so that the notebook stays free and the stop button is heard.
        self.thread = threading.Thread(
            target=self._run, args=(training, name, self._seed), daemon=True
        )
        self.thread.start()

    def _run(self, training, name, seed):
        kind, depth = name.split("-")

        def on_step():
            self.progress.value += 1
            return self._stop.is_set()

        said = f"{name} is trained."
        for epoch in range(1, self.epochs + 1):
            each = training.run_epoch(on_step)
            if each is None:
                said = f"{name} was stopped after {epoch - 1} of {self.epochs} epochs."
                break
            self.rows.append({"kind": kind, "depth": int(depth), "seed": seed, **each})
            self.redraw()
            self._choose()
        self.start.disabled, self.stop.disabled = False, True
        self.status.value = f'<p role="status">{html.escape(said)}</p>'

    def redraw(self, _: Any = None) -> None:
        super().redraw()
        self._draw_curves()  # it takes longer than the numbers, which are shown by now

    def view(self) -> View:
        values, titles = self._errors() if self.show.value == ERROR else self._norms()
        self._names = list(values)
        if not values:
            return View(row(), note="<p>No run yet: train one.</p>")
        count = max(map(len, values.values()))
        wide = max(8, min(44, WIDEST // count))
        numbers = np.full((len(values), count), np.nan)
        for line, each in zip(numbers, values.values(), strict=True):
            line[: len(each)] = each
        if self.show.value == ERROR:
            looks = cells(numbers, limits=(-100, 100), numbers=False)
            texts = [[f"{number:.0f}" if wide >= 20 else "" for number in line] for line in numbers]
        else:
            looks = cells(np.log10(numbers), numbers=False)
            texts = [[f"{number:.1g}" if wide >= 30 else "" for number in line] for line in numbers]
        known = np.isfinite(numbers)
        looks = [
            [
                look._replace(text=text if there else "")
                for look, text, there in zip(*line, strict=True)
            ]
            for line in zip(looks, texts, known, strict=True)
        ]
        step = 1 if wide >= 20 else 10
        grid = Grid(
            "runs",
            titles[0],
            looks,
            role="places",
            size=(22, wide),
            rows=self._names,
            columns=[str(i) if i % step == 0 or i == 1 else "" for i in range(1, count + 1)],
        )
        return View(
            row(grid),
            ([[i] for i in range(len(values))], [[j] for j in range(count)]),
            [
                [
                    titles[1].format(name=name, at=j + 1, value=values[name][j])
                    if j < len(values[name])
                    else ""
                    for j in range(count)
                ]
                for name in values
            ],
            label=f"{titles[0]}; arrow keys choose a number",
            on_place="",
        )

    def _errors(self):
        averaged = figures.averaged(self.rows)
        return {f"{kind}-{depth}": mean for (kind, depth), (_, mean, *_) in averaged.items()}, (
            "training error in percent, by epoch",
            "<b>{name}</b> after epoch {at}: training error {value:.1f} %, the mean of its seeds.",
        )

    def _norms(self):
        return self.norms, (
            "norm of the gradient by layer, first to last: blue above 1, orange below",
            "<b>{name}</b>, layer {at}: the norm of the gradient by its weights is {value:.2g}.",
        )

    def _draw_curves(self):
        shown = (self.show.value, len(self.rows) if self.show.value == ERROR else len(self.norms))
        if not shown[1]:
            return
        if shown not in self._drawn:
            picture = (
                figures.curves(self.rows, height=3.2)
                if self.show.value == ERROR
                else figures.norms_by_layer(self.norms, height=3.2)
            )
            self._drawn[shown] = picture._repr_html_()
        self.curves.value = self._drawn[shown]


def explorer(
    rows: Sequence[dict] = (), norms: Mapping | None = None, **options: Any
) -> ResidualExplorer:
    """The explorer, with the runs made so far."""
    return ResidualExplorer(rows, norms, **options)
