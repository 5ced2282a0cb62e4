"""The roofline: what bounds a layer, the processor's operations or its memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from course.counting import measure


@dataclass(frozen=True)
class Ceilings:
    """What a device reaches at best, as measured.

    Attributes:
        operations: multiplications and additions a second, in a product of large matrices.
        bytes: read and written a second, in a copy of a large array.
    """

    operations: float
    bytes: float

    @property
    def ridge(self) -> float:
        """Operations for each byte from which on memory is no longer what bounds."""
        return self.operations / self.bytes

    def bound(self, intensity: float) -> float:
        """The most operations a second that so many operations for each byte allow."""
        return min(self.operations, intensity * self.bytes)


@dataclass(frozen=True)
class Load:
    """What a layer asks for, for one picture in float32.

    Attributes:
        name, kind: in the net, and of torch.nn.
        operations: two for each multiply-add.
        bytes: input, parameters and output, each moved once.
        rate: operations a second as measured; None where it was not.
    """

    name: str
    kind: str
    operations: int
    bytes: int
    rate: float | None = None

    @property
    def intensity(self) -> float:
        """Operations for each byte."""
        return self.operations / self.bytes


def ceilings(device: torch.device) -> Ceilings:
    """Measure a device: a product of matrices and a copy, the best of several."""
    n, length = (2048, 2**24) if device.type == "cpu" else (8192, 2**28)
    a = torch.rand(n, n, device=device)
    source = torch.rand(length, device=device)
    target = torch.empty_like(source)
    product = _best(lambda: a @ a, device)
    copy = _best(lambda: target.copy_(source), device)
    return Ceilings(2 * n**3 / product, 2 * 4 * length / copy)


def loads(
    model: nn.Module, input_shape: Sequence[int], device: torch.device | None = None
) -> list[Load]:
    """The load of each convolution and fully-connected layer of a net, for one picture.

    Args:
        model: its layers may lie on the "meta" device, without memory.
        input_shape: (C, H, W) of one picture.
        device: where each layer is run with drawn numbers and timed; None only counts.
    """
    modules, found = dict(model.named_modules()), []
    for call in measure.trace(model, (1, *input_shape)):
        if not call.multiply_adds:
            continue
        shape = call.input_shapes[0]
        moved = 4 * (_count(shape) + call.parameters + _count(call.output_shape))
        rate = None
        if device is not None:
            seconds = _layer_seconds(modules[call.name], shape, device)
            rate = 2 * call.multiply_adds / seconds
        found.append(Load(call.name, call.kind, 2 * call.multiply_adds, moved, rate))
    return found


def _layer_seconds(module: nn.Module, shape, device: torch.device) -> float:
    drawn = {
        name: torch.rand(parameter.shape, device=device)
        for name, parameter in module.named_parameters()
    }
    x = torch.rand(*shape, device=device)
    with torch.no_grad():
        return _best(lambda: torch.func.functional_call(module, drawn, (x,)), device, repeats=2)


def _count(shape) -> int:
    return torch.Size(shape).numel()


def _best(call: Callable, device: torch.device, repeats: int = 5) -> float:
    """Seconds of the fastest of several calls, after one that is not counted."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        call()
        if device.type != "cpu":
            getattr(torch, device.type).synchronize()
        times.append(time.perf_counter() - start)
    return min(times[1:])
