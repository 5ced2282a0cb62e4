"""A net and a table of each student's own, drawn from a name: numbers that nobody else has."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import math

import torch
from torch import nn

from course.checking import Draw
from course.table import Table

# What is asked of the net, and in which words.
ASKED = {
    "conv": "the learnt numbers of layer 0",
    "norm": "the learnt numbers of layer 1",
    "grouped": "the learnt numbers of layer 4",
    "in_features": "how many numbers layer 7 reads of one picture",
    "parameters": "all learnt numbers of the net",
    "multiply_adds": "the multiply-adds of layer 4 for one picture",
    "bytes": "the bytes of layer 0's output for the whole batch",
}
VISIBLE = ("conv", "norm", "grouped", "parameters")  # asked by the visible check
COLUMNS = ("size", "parameters", "multiply_adds")  # of the table, one wrong entry in each


def draw_of(name: str, what: str) -> Draw:
    """The draw of a name; capitals and spaces around it do not count."""
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"the name must be a text that is not empty, got {name!r}")
    text = f"{what}:{' '.join(name.split()).casefold()}"
    return Draw(int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big"))


@dataclasses.dataclass(frozen=True)
class OwnNet:
    """The sizes of a net: pictures (batch, channels, *size), and its layers."""

    batch: int
    channels: int
    size: tuple[int, int]
    kernel: tuple[int, int]
    widths: tuple[int, int]
    groups: int
    classes: int

    def module(self) -> nn.Sequential:
        """The net, without numbers (on the meta device)."""
        first, second = self.widths
        with torch.device("meta"):
            padding = tuple(k // 2 for k in self.kernel)
            convolve = nn.Conv2d(
                self.channels, first, self.kernel, stride=2, padding=padding, bias=False
            )
            grouped = nn.Conv2d(first, second, 3, padding=1, groups=self.groups)
            layers = [convolve, nn.BatchNorm2d(first), nn.ReLU(), nn.MaxPool2d(2), grouped]
            body = nn.Sequential(*layers, nn.ReLU(), nn.Flatten())
            features = body(self.pictures()).shape[1]
            return body.append(nn.Linear(features, self.classes))

    def pictures(self) -> torch.Tensor:
        """The batch that goes in, on the meta device."""
        return torch.empty(self.batch, self.channels, *self.size, device="meta")

    def numbers(self) -> dict[str, int]:
        """The right answers, by torch's own layers."""
        return _numbers(self)


@functools.cache
def _numbers(own: OwnNet) -> dict[str, int]:
    net = own.module()
    found = [own.pictures()]
    for layer in net:
        found.append(layer(found[-1]))
    learnt = [sum(p.numel() for p in layer.parameters()) for layer in net]
    places = math.prod(found[5].shape[2:])
    return {
        "conv": learnt[0],
        "norm": learnt[1],
        "grouped": learnt[4],
        "in_features": net[7].in_features,
        "parameters": sum(learnt),
        "multiply_adds": net[4].weight.numel() * places,
        "bytes": found[1].numel() * found[1].element_size(),
    }


def own_net(name: str) -> OwnNet:
    """Draw the net of a name.

    Raises:
        ValueError: the name is empty or no text.
    """
    draw = draw_of(name, "net")
    groups = draw.integer(2, 4)
    first, second = draw.distinct(2, 4, 9)
    H, W = draw.distinct(2, 14, 25)
    kernel = tuple(2 * k + 1 for k in draw.distinct(2, 1, 3))
    return OwnNet(
        batch=draw.integer(5, 30),
        channels=draw.integer(3, 5),
        size=(2 * H + 1, 2 * W + 1),  # odd: something is rounded
        kernel=kernel,
        widths=(groups * first, groups * second),
        groups=groups,
        classes=draw.integer(7, 12),
    )


def show_net(name: str) -> None:
    """Print the net of a name as torch prints it, but for the one number that is asked for."""
    own = own_net(name)
    net = own.module()
    print(f"Pictures: {tuple(own.pictures().shape)}, float32\n")
    print(repr(net).replace(f"in_features={net[7].in_features}", "in_features=?"))


@dataclasses.dataclass(frozen=True)
class Row:
    """A convolution of the table: its sizes, and what it makes of what comes in."""

    in_channels: int
    in_size: tuple[int, int]
    out_channels: int
    kernel_size: int
    stride: int
    padding: int
    groups: int

    def entries(self) -> dict:
        """The right entries, by torch's own layer; with biases."""
        layer = nn.Conv2d(
            self.in_channels,
            self.out_channels,
            self.kernel_size,
            self.stride,
            self.padding,
            groups=self.groups,
            device="meta",
        )
        H, W = layer(torch.empty(1, self.in_channels, *self.in_size, device="meta")).shape[2:]
        return {
            "size": (H, W),
            "parameters": sum(p.numel() for p in layer.parameters()),
            "multiply_adds": layer.weight.numel() * H * W,
        }


@dataclasses.dataclass(frozen=True)
class OwnTable:
    """A table of convolutions with one wrong entry in each column.

    Attributes:
        rows: the layers.
        wrong: of each column, (the row with the wrong entry, what stands there).
    """

    rows: tuple[Row, ...]
    wrong: dict[str, tuple[int, object]]

    def right(self) -> dict[str, tuple[int, object]]:
        """Of each column, (the row with the wrong entry, what should stand there)."""
        return {
            column: (row, self.rows[row].entries()[column])
            for column, (row, _) in self.wrong.items()
        }

    def table(self) -> Table:
        """The table as it is printed, its mistakes included."""
        printed = []
        for place, row in enumerate(self.rows):
            about = {
                **{"row": place, "in": row.in_channels, "out": row.out_channels},
                **{"kernel": row.kernel_size, "stride": row.stride},
                **{"padding": row.padding, "groups": row.groups},
            }
            wrong = {column: value for column, (at, value) in self.wrong.items() if at == place}
            printed.append(about | row.entries() | wrong)
        return Table(printed)


def own_table(name: str) -> OwnTable:
    """Draw the table of a name.

    Raises:
        ValueError: the name is empty or no text.
    """
    draw = draw_of(name, "table")
    groups = draw.integer(2, 4)
    a, b, c, d = (groups * n for n in draw.distinct(4, 3, 9))
    H, W = draw.distinct(2, 20, 30)
    size = (2 * H, 2 * W)  # even: with a stride of 2 a kernel of 3 does not come out exactly
    rows, channels = [], draw.integer(3, 5)
    for out, k, stride, padding, parts in [
        *[(a, 5, 1, 0, 1), (b, 3, 2, 0, 1), (b, 3, 1, 1, groups), (c, 1, 1, 0, 1)],
        *[(d, 3, 2, 1, groups), (d, 3, 1, 1, 1)],
    ]:
        rows.append(Row(channels, size, out, k, stride, padding, parts))
        channels, size = out, rows[-1].entries()["size"]
    # One mistake of each kind that is common in print.
    H, W = rows[1].entries()["size"]
    at, groups_ignored = draw.choice((2, True), (3, False), (5, False))
    parameters = rows[at].out_channels * (rows[at].kernel_size ** 2 + 1)
    if groups_ignored:
        parameters = dataclasses.replace(rows[at], groups=1).entries()["parameters"]
    wrong = {"parameters": (at, parameters)}
    wrong["size"] = draw.choice((1, (H + 1, W + 1)), (4, _unpadded(rows[4])))
    at, groups_ignored = draw.choice((2, True), (4, False))
    right = rows[at].entries()
    weights = right["multiply_adds"] // math.prod(right["size"])
    places = math.prod(right["size"] if groups_ignored else rows[at].in_size)
    factor = rows[at].groups if groups_ignored else 1
    wrong["multiply_adds"] = (at, weights * places * factor)
    return OwnTable(tuple(rows), wrong)


def _unpadded(row: Row) -> tuple[int, int]:
    return dataclasses.replace(row, padding=0).entries()["size"]


def show_table(name: str) -> Table:
    """The table of a name, with one wrong entry in each of its last three columns."""
    return own_table(name).table()
