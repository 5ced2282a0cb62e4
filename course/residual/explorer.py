"""Something to train: choose a depth and a shortcut, start a run, stop it, compare the curves."""

from __future__ import annotations

import html
import threading

import ipywidgets as widgets
import torch

from course import datasets
from course.residual import figures
from course.residual.nets import PlainNet, ResNet
from course.residual.training import Training, gradient_norms

WIDTHS = (8, 16, 32)


class Explorer(widgets.VBox):
    """Curves and gradient norms of runs that were made, and a button to make more.

    Args:
        rows: dicts of finished runs, with "kind", "depth", "seed", "epoch", "train_error".
        norms: {"plain-56": norms by layer, ...}, before training.
        images, labels: what to train on; scikit-learn's digits when None.
        epochs: of a run on demand.

    Attributes:
        rows, norms: what is shown, new runs included.
        thread: the run that goes on, or None.
    """

    def __init__(self, rows=(), norms=None, images=None, labels=None, epochs=5):
        self.rows, self.norms = list(rows), dict(norms or {})
        if images is None:
            digits = datasets.digits("train")
            images = torch.from_numpy(datasets.standardise(digits))
            labels = torch.tensor(digits.labels)
        self.images, self.labels, self.epochs = images, labels, epochs
        self.thread, self._stop, self._seed = None, threading.Event(), 100
        wide = {"style": {"description_width": "6em"}}
        self.depth = widgets.SelectionSlider(
            options=[8, 14, 20, 32, 44, 56], value=20, description="depth", **wide
        )
        self.shortcut = widgets.Checkbox(True, description="with shortcuts", indent=False)
        self.show = widgets.Dropdown(
            options=["training error", "gradients before training"], description="show", **wide
        )
        self.start = widgets.Button(description="train it", button_style="primary")
        self.stop = widgets.Button(description="stop", disabled=True)
        self.progress = widgets.IntProgress(description="training", max=1)
        self.status = widgets.HTML()
        self.view = widgets.HTML()
        self.start.on_click(self._train)
        self.stop.on_click(lambda _: self._stop.set())
        for control in (self.depth, self.shortcut, self.show):
            control.observe(self._draw, "value")
        super().__init__(
            [
                widgets.HBox([self.depth, self.shortcut, self.show]),
                widgets.HBox([self.start, self.stop, self.progress]),
                self.status,
                self.view,
            ]
        )
        self.add_class("residual-explorer")
        self._draw()

    @property
    def name(self) -> str:
        """The net that the controls choose: "plain-20"."""
        return f"{'residual' if self.shortcut.value else 'plain'}-{self.depth.value}"

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
            row = training.run_epoch(on_step)
            if row is None:
                said = f"{name} was stopped after {epoch - 1} of {self.epochs} epochs."
                break
            self.rows.append({"kind": kind, "depth": int(depth), "seed": seed, **row})
            self._draw()
        self.start.disabled, self.stop.disabled = False, True
        self.status.value = f'<p role="status">{html.escape(said)}</p>'

    def _draw(self, _=None):
        if self.show.value == "training error":
            shown = figures.curves(self.rows, height=3.2) if self.rows else None
        else:
            shown = figures.norms_by_layer(self.norms, height=3.2) if self.norms else None
        mine = [
            row["train_error"] for row in self.rows if f"{row['kind']}-{row['depth']}" == self.name
        ]
        about = f"last training error {mine[-1]:.1f} %" if mine else "not trained yet"
        self.view.value = (
            f"<p>Chosen: <b>{self.name}</b>, {about}.</p>"
            f"{shown._repr_html_() if shown else '<p>No run yet: train one.</p>'}"
        )


def explorer(rows=(), norms=None, **options) -> Explorer:
    """The explorer, with the runs made so far."""
    return Explorer(rows, norms, **options)
