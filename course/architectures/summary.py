"""A net layer by layer, from the module alone: shapes, costs, and how far each layer sees."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from course.counting import measure
from course.table import Table


@dataclass(frozen=True)
class Layer:
    """One call of one layer, for one picture.

    Attributes:
        name, kind: in the net, and of torch.nn.
        output_shape: (C, H, W) or (C,).
        parameters: trained ones; 0 where the layer was called before.
        multiply_adds: of convolutions and fully-connected layers.
        memory: bytes of its output in float32; 0 where that is a view of the input.
        sees: receptive field, in pixels of the input along one axis, borders ignored.
        step: how many pixels of the input lie between two neighbouring outputs.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    memory: int
    sees: int
    step: int


def summary(model: nn.Module, input_shape: tuple[int, int, int]) -> list[Layer]:
    """Describe each layer of a net; nothing is computed.

        sees = sees + (d (k - 1)) * step,   step = step * s

    as in lecture 2, along the path that sees most where several meet. What flattens or averages a
    whole map sees all that the map sees.

    Args:
        model: any module whose layers lecture 4 can count; its windows are square.
        input_shape: (C, H, W) of one picture.

    Raises:
        ValueError: a kind of layer without a rule.

    Source: Araujo, Norris, Sim, "Computing receptive fields of convolutional neural networks",
    Distill (2019).
    """
    modules = dict(model.named_modules())
    fields = {0: (1, 1)}
    layers, called = [], set()
    for call in measure.trace(model, (1, *input_shape)):
        sees = max(fields[tensor][0] for tensor in call.inputs)
        step = max(fields[tensor][1] for tensor in call.inputs)
        module = modules[call.name]
        if call.kind in ("Flatten", "AdaptiveAvgPool2d"):
            last = call.input_shapes[0][-1] if len(call.input_shapes[0]) == 4 else 1
            out = call.output_shape[-1] if call.kind == "AdaptiveAvgPool2d" else 1
            sees, step = sees + (last - out) * step, step * max(1, last // out)
        elif hasattr(module, "kernel_size"):
            size, stride, dilation = (
                max(value) if isinstance(value, tuple) else value
                for value in (module.kernel_size, module.stride, getattr(module, "dilation", 1))
            )
            sees, step = sees + dilation * (size - 1) * step, step * stride
        fields[call.output] = (sees, step)
        count = 1
        for length in call.output_shape[1:]:
            count *= length
        layers.append(
            Layer(
                call.name,
                call.kind,
                call.output_shape[1:],
                0 if call.name in called else call.parameters,
                call.multiply_adds,
                0 if call.output in call.inputs else count * call.itemsize,
                sees,
                step,
            )
        )
        called.add(call.name)
    return layers


def table(
    layers: list[Layer], kinds: tuple[str, ...] = (), caption: str = "", folded: bool = False
) -> Table:
    """The layers as a table, with the sums of all; `kinds` chooses which layers have a line."""
    rows = [
        {
            "layer": layer.name,
            "kind": layer.kind,
            "output": layer.output_shape,
            "parameters": layer.parameters,
            "multiply-adds": layer.multiply_adds,
            "memory, bytes": layer.memory,
            "sees": layer.sees,
            "step": layer.step,
        }
        for layer in layers
        if not kinds or layer.kind in kinds
    ]
    total = {
        "layer": "all",
        "parameters": sum(layer.parameters for layer in layers),
        "multiply-adds": sum(layer.multiply_adds for layer in layers),
        "memory, bytes": sum(layer.memory for layer in layers),
    }
    return Table(rows, total, caption, folded)
