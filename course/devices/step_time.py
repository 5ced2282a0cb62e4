"""Says where the time of a training step goes, layer by layer: a model, of rates that are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

from course.architectures.summary import summary
from course.devices.reference import ring_seconds

WAYS = ("data", "model", "cheaper")


@dataclass(frozen=True)
class Cost:
    """A layer with weights; the batch norm behind it is counted with it.

    Attributes:
        name: its number and kind.
        parameters: P.
        outputs: A, numbers in its output for one example.
        multiply_adds: forward, for one example.
    """

    name: str
    parameters: int
    outputs: int
    multiply_adds: int


@dataclass(frozen=True)
class Spent:
    """What a layer takes of a step.

    Attributes:
        name: of the layer.
        compute: seconds, forward and backward, on each device.
        exchange: seconds.
        way: "data" or "model".
    """

    name: str
    compute: float
    exchange: float
    way: str


def costs(model: nn.Module, input_shape: tuple[int, int, int]) -> list[Cost]:
    """The layers with weights of a net, for one picture of (C, H, W)."""
    found: list[Cost] = []
    for layer in summary(model, input_shape):
        if layer.multiply_adds:
            outputs = 1
            for size in layer.output_shape:
                outputs *= size
            kind = "conv" if layer.kind == "Conv2d" else "linear"
            name = f"{len(found) + 1} {kind}"
            found.append(Cost(name, layer.parameters, outputs, layer.multiply_adds))
        elif layer.parameters:
            last = found[-1]
            parameters = last.parameters + layer.parameters
            found[-1] = Cost(last.name, parameters, last.outputs, last.multiply_adds)
    return found


def step(
    layers: Sequence[Cost],
    devices: int,
    batch_size: int,
    operations: float,
    bandwidth: float,
    latency: float = 20e-6,
    way: str = "data",
    itemsize: int = 4,
) -> list[Spent]:
    """Share a training step out over devices.

        compute  = 3 * 2 * multiply_adds * N / operations / D
        exchange = ring_seconds(itemsize * P)        data parallel: the gradients
                   ring_seconds(itemsize * N * A)    model parallel: outputs, and their gradients

    The gradients of all data-parallel layers go in one message, whose latency they share. Backward
    costs twice the forward pass, so 3 in all; a multiply-add is 2 operations. Nothing is exchanged
    while something is computed, and the devices always compute at their full rate: real libraries
    do better with the first, and no device with the second.

    Args:
        layers: of `costs`.
        devices: D.
        batch_size: N, over all devices.
        operations: a second, of each device.
        bandwidth: bytes a second, from a device to the next one.
        latency: seconds of each message.
        way: "data" or "model" for all layers, or "cheaper": for each the one that sends less.
        itemsize: bytes of a number.

    Raises:
        ValueError: another way.
    """
    if way not in WAYS:
        raise ValueError(f"way must be one of {', '.join(WAYS)}, got {way!r}")
    sent = [{"data": c.parameters, "model": batch_size * c.outputs} for c in layers]
    chosen = [min(each, key=each.__getitem__) if way == "cheaper" else way for each in sent]
    share = latency / max(chosen.count("data"), 1)
    return [
        Spent(
            layer.name,
            6 * layer.multiply_adds * batch_size / operations / devices,
            ring_seconds(
                itemsize * numbers[kind], devices, bandwidth, share if kind == "data" else latency
            ),
            kind,
        )
        for layer, numbers, kind in zip(layers, sent, chosen, strict=True)
    ]


def seconds(spent: Sequence[Spent]) -> float:
    """The whole step."""
    return sum(layer.compute + layer.exchange for layer in spent)
