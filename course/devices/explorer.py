"""Something to move: how many devices, how fast, how well joined; and where a step's time goes."""

from __future__ import annotations

import functools
from typing import Any

import ipywidgets

from course import models
from course.counting.figures import short
from course.devices.step_time import WAYS, Cost, costs, seconds, step
from course.pair import duration
from course.style import Cell, cells
from course.widgets import Explorer, Grid, View, row

NETS = {
    "AlexNet": lambda: models.AlexNet(groups=1),
    "VGG-16": models.vgg16,
    "ResNet-18": models.resnet18,
}
OPERATIONS = {"1 T a second": 1e12, "10 T a second": 1e13, "100 T a second": 1e14}
BANDWIDTHS = {
    "0.1 GB/s, a network of an office": 1e8,
    "1 GB/s, a faster one": 1e9,
    "10 GB/s, inside of a machine": 1e10,
    "100 GB/s, a link made for it": 1e11,
}
SAID = {
    "data": "all layers data parallel",
    "model": "all layers model parallel",
    "cheaper": "each layer the way that sends less",
}
COLUMNS = ("parameters", "outputs of the batch", "way", "compute", "exchange")


class DevicesExplorer(Explorer):
    """Choose a net, the devices, what joins them, and how the work is split.

    Attributes:
        layers: `Cost` of each layer with weights.
        spent: `Spent` of each, for what the controls say.
        alone: seconds of the step on one device.
    """

    def __init__(self, net: str = "AlexNet"):
        wide = {"style": {"description_width": "7em"}}
        self.net = ipywidgets.Dropdown(options=list(NETS), value=net, description="net", **wide)
        self.devices = ipywidgets.SelectionSlider(
            options=[1, 2, 4, 8, 16, 32, 64], value=2, description="devices", **wide
        )
        self.batch = ipywidgets.SelectionSlider(
            options=[2**n for n in range(4, 13)], value=128, description="batch size", **wide
        )
        self.operations = ipywidgets.Dropdown(
            options=list(OPERATIONS), value="10 T a second", description="operations", **wide
        )
        self.bandwidth = ipywidgets.Dropdown(
            options=list(BANDWIDTHS),
            value="10 GB/s, inside of a machine",
            description="bandwidth",
            **wide,
        )
        self.way = ipywidgets.Dropdown(
            options=[(SAID[way], way) for way in WAYS], description="split", **wide
        )
        watched = [self.net, self.devices, self.batch, self.operations, self.bandwidth, self.way]
        self.layers: list[Cost] = []
        self.spent, self.alone = [], 0.0
        super().__init__(
            "devices",
            [
                ipywidgets.VBox([self.net, self.devices, self.batch]),
                ipywidgets.VBox([self.operations, self.bandwidth, self.way]),
            ],
            watched=watched,
        )

    def view(self) -> View:
        self.layers = _costs(self.net.value)
        rates = OPERATIONS[self.operations.value], BANDWIDTHS[self.bandwidth.value]
        batch, devices = self.batch.value, self.devices.value
        self.spent = step(self.layers, devices, batch, *rates, way=self.way.value)
        self.alone = seconds(step(self.layers, 1, batch, *rates))
        whole = seconds(self.spent)
        numbers = [(c.parameters, batch * c.outputs) for c in self.layers]
        times = [(s.compute, s.exchange) for s in self.spent]
        most = [max(column) or 1 for column in zip(*numbers, strict=True)]
        shares = [
            [n / m for n, m in zip(line, most, strict=True)] + [t / whole for t in time]
            for line, time in zip(numbers, times, strict=True)
        ]
        looks = []
        for line, time, spent, colours in zip(
            numbers, times, self.spent, cells(shares, limits=(-1, 1)), strict=True
        ):
            texts = [*map(short, line), *(duration(t) if t else "0" for t in time)]
            drawn = [c._replace(text=text) for c, text in zip(colours, texts, strict=True)]
            looks.append([*drawn[:2], Cell("white", spent.way), *drawn[2:]])
        totals = [sum(column) for column in zip(*times, strict=True)]
        sums = [short(sum(column)) for column in zip(*numbers, strict=True)]
        sums += ["", *(duration(t) if t else "0" for t in totals)]
        looks.append([Cell("#eeeeee", text) for text in sums])
        grid = Grid(
            "step",
            "a training step, layer by layer; the darker a time, the more of the step",
            looks,
            role="places",
            size=(22, 112),
            rows=[*(layer.name for layer in self.layers), "all"],
            columns=list(COLUMNS),
        )
        return View(
            row(grid),
            ([[i] for i in range(len(looks))], [[j] for j in range(len(COLUMNS))]),
            [*map(self._sentences, self.layers, self.spent), [""] * len(COLUMNS)],
            note=self._said(whole, totals),
            label="times of a training step, a line for each layer; arrow keys choose a number",
            on_place="",
        )

    def _sentences(self, layer: Cost, spent) -> list[str]:
        batch = self.batch.value
        name, even = f"<b>{layer.name}</b>", layer.parameters / layer.outputs
        even = f"{even:,.0f}" if even >= 10 else f"{even:.1f}"
        sends = (
            f"data parallelism sends its {short(layer.parameters)} gradients, model parallelism "
            f"{short(batch * layer.outputs)} outputs of the batch; even at {even} examples."
        )
        compute = f"each device computes for {duration(spent.compute)}."
        exchange = (
            f"the exchange takes {duration(spent.exchange)}."
            if spent.exchange
            else ("one device has nothing to exchange.")
        )
        return [f"{name}: {text}" for text in (sends, sends, sends, compute, exchange)]

    def _said(self, whole: float, totals) -> str:
        devices, speed_up = self.devices.value, self.alone / whole
        return (
            f'<p class="step" aria-live="polite">On one device the step takes '
            f"{duration(self.alone)}. On {devices}: {duration(totals[0])} of computing and "
            f"{duration(totals[1]) if totals[1] else 'no time'} of exchange, together "
            f"<b>{duration(whole)}</b>: <b>{speed_up:.2f} times as fast</b>, "
            f"{100 * speed_up / devices:.0f} % of {devices} times.</p>"
        )


@functools.cache
def _costs(net: str) -> list[Cost]:
    return costs(NETS[net](), (3, 224, 224))


def explorer(**options: Any) -> DevicesExplorer:
    """The explorer; `net` names the one to begin with."""
    return DevicesExplorer(**options)
