"""Something to move: a digit, and what a trained net makes of it: maps, scores, probabilities."""

from __future__ import annotations

import ipywidgets
import numpy as np
import torch
from torch import nn

from course import datasets, small_net
from course.classification import reference
from course.style import BLUE, VERMILION, cells, number_text
from course.widgets import Explorer, Grid, Sign, View, column, row, windows

SIZE, INK, MAPS = 8, 16, 8  # pixels of a side, the brightest grey, small maps shown


class ClassificationExplorer(Explorer):
    """Choose a held-out digit, move it, paint on it; the net's answer follows.

    Attributes:
        net: gives (N, 10) from digits (N, 1, 8, 8); its first convolution is 3 x 3, padded by 1.
        number, down, right, chosen: the digit, how far it is moved, the map shown large.
        paint, clear: buttons; the pixel in the middle of the window changes, or all.
        image: (8, 8), what the net sees, grey values from 0 to 16.
        scores, probabilities: (10,), what the net says.
    """

    def __init__(self, net: nn.Sequential):
        self.net = net.eval()
        self.digits, train = datasets.digits("test"), datasets.digits("train")
        self._mean, self._std = train.images.mean(), train.images.std()
        self.painted: set[tuple[int, int]] = set()
        self._empty = False
        wide = {"style": {"description_width": "6em"}}
        slider = ipywidgets.IntSlider
        self.number = slider(0, 0, len(self.digits) - 1, description="digit", **wide)
        self.down = slider(0, -4, 4, description="move down", **wide)
        self.right = slider(0, -4, 4, description="move right", **wide)
        self.chosen = slider(0, 0, net[0].out_channels - 1, description="map", **wide)
        self.paint = ipywidgets.Button(description="paint the middle of the window")
        self.clear = ipywidgets.Button(description="empty picture")
        for button in (self.paint, self.clear):
            button.layout.width = "19em"
        self.paint.on_click(self._paint)
        self.clear.on_click(self._clear)
        for control in (self.number, self.down, self.right):
            control.observe(self._restart, "value")
        super().__init__(
            "classification",
            [
                ipywidgets.VBox([self.number, self.down, self.right]),
                ipywidgets.VBox([self.chosen, self.paint, self.clear]),
            ],
            [self.number, self.down, self.right, self.chosen],
        )
        self.grids.place = [SIZE // 2, SIZE // 2]  # in the corner there is nothing to see

    def _restart(self, _=None):
        self.painted, self._empty = set(), False

    def _paint(self, _=None):
        self.painted ^= {tuple(self.grids.place)}
        self.redraw()

    def _clear(self, _=None):
        self.painted, self._empty = set(), True
        self.redraw()

    def _picture(self) -> np.ndarray:
        """The digit, moved, with the painted pixels turned from dark to bright or back."""
        digit = self.digits.images[self.number.value][None].astype(float)
        image = reference.shift(digit, self.down.value, self.right.value)[0, 0]
        if self._empty:
            image = np.zeros_like(image)
        for place in self.painted:
            image[place] = 0 if image[place] > INK / 2 else INK
        return image

    def view(self) -> View:
        self.image = self._picture()
        x = torch.tensor((self.image - self._mean) / self._std, dtype=torch.float32)
        x = x[None, None].to(next(self.net.parameters()).device)
        with torch.no_grad():
            maps = self.net[:2](x)[0].cpu().numpy()
            self.scores = self.net(x)[0].cpu().double().numpy()
        self.probabilities = reference.softmax(self.scores, 0)
        look = {"scale": "grey", "limits": (0, float(maps.max()) or 1), "numbers": False}
        large = maps[self.chosen.value]
        padded = np.pad(self.image, 1)
        return View(
            column(
                row(
                    Grid(
                        "digit",
                        "what the net sees, in its padding",
                        cells(padded, scale="grey", limits=(0, INK), numbers=False),
                        role="windows",
                        offset=(1, 1),
                        size=(24, 24),
                    ),
                    Sign("→"),
                    Grid(
                        "map",
                        f"map {self.chosen.value} of the first convolution, rectified",
                        cells(large, **look),
                        role="places",
                        size=(24, 24),
                    ),
                ),
                row(
                    *(
                        Grid(f"map-{i}", f"map {i}", cells(one, **look), size=(8, 8))
                        for i, one in enumerate(maps[:MAPS])
                    )
                ),
            ),
            (windows(SIZE, 3), windows(SIZE, 3)),
            [
                [
                    f"map[{i}, {j}] = <b>{number_text(large[i, j])}</b>, from the nine pixels in "
                    "the window."
                    for j in range(SIZE)
                ]
                for i in range(SIZE)
            ],
            note=self._answer(),
            label="a digit and the maps of a net; the arrow keys move the window",
        )

    def _answer(self) -> str:
        """A bar for each class: its score as a number, its probability as a length."""
        best, lines = int(np.argmax(self.scores)), []
        for k, (score, p) in enumerate(zip(self.scores, self.probabilities, strict=True)):
            colour = VERMILION if k == best else BLUE
            lines.append(
                f"<tr><th>{k}</th><td>{number_text(score, 1)}</td>"
                '<td style="text-align: left"><svg width="150" height="12" role="img" '
                f'aria-label="probability {p:.2f}"><rect width="{150 * p:.1f}" height="12" '
                f'fill="{colour}"/></svg> {p:.2f}</td></tr>'
            )
        label = self.digits.labels[self.number.value]
        what = "painted" if self._empty else f"a {label}"
        if self.down.value or self.right.value:
            what += f", moved by {self.down.value:+d}, {self.right.value:+d}"
        return (
            f"<p>It is {what}. The net says <b>{best}</b>, with probability "
            f"{self.probabilities[best]:.2f}.</p>"
            "<table><tr><th>class</th><th>score</th><th>probability</th></tr>"
            f"{''.join(lines)}</table>"
        )


def explorer(net: nn.Sequential | None = None) -> ClassificationExplorer:
    """The explorer of a net for digits (N, 1, 8, 8); without one, of the course's small net."""
    return ClassificationExplorer(small_net.trained() if net is None else net)
