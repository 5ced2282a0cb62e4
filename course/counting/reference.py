"""Count a net from its layers' sizes: parameters, multiply-adds, the memory that training takes.

Everything here is integer arithmetic on shapes. Shapes include the batch: (N, C, H, W) or (N, F).
Bytes are for float32 unless `itemsize` says otherwise. 1 MB is 10^6 bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from course.arguments import Size, integers
from course.table import Table

# How many more tensors of the weights' size an optimiser keeps.
OPTIMIZER_COPIES = {"sgd": 0, "momentum": 1, "adam": 2}

# --- one layer -----------------------------------------------------------------------------------


def conv2d_parameters(
    in_channels: int, out_channels: int, kernel_size: Size, groups: int = 1, bias: bool = True
) -> int:
    """Weights and biases of a convolution.

        out_channels * (in_channels / groups) * k_h * k_w  +  out_channels

    Raises:
        ValueError: a size is no positive integer, or groups does not divide both channel counts.
    """
    k_h, k_w = integers("kernel_size", kernel_size, 2, minimum=1)
    (in_channels,) = integers("in_channels", in_channels, 1, minimum=1)
    (out_channels,) = integers("out_channels", out_channels, 1, minimum=1)
    (groups,) = integers("groups", groups, 1, minimum=1)
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups must divide in_channels {in_channels} and out_channels {out_channels}, "
            f"got {groups}"
        )
    return out_channels * (in_channels // groups) * k_h * k_w + (out_channels if bias else 0)


def conv2d_parameters_source(out_channels: int, kernel_size: Size) -> int:
    """The source's formula: K kernels of f x f. It leaves out the input channels and the biases.

    Source: Kustikova et al., "Convolutional neural networks. Deep residual networks".
    """
    k_h, k_w = integers("kernel_size", kernel_size, 2, minimum=1)
    (out_channels,) = integers("out_channels", out_channels, 1, minimum=1)
    return out_channels * k_h * k_w


def linear_parameters(in_features: int, out_features: int, bias: bool = True) -> int:
    """Weights and biases of a fully-connected layer: out * in + out."""
    (in_features,) = integers("in_features", in_features, 1, minimum=1)
    (out_features,) = integers("out_features", out_features, 1, minimum=1)
    return out_features * in_features + (out_features if bias else 0)


def batch_norm_parameters(num_features: int) -> int:
    """Scale and shift of each channel. The running mean and variance are buffers, not trained."""
    (num_features,) = integers("num_features", num_features, 1, minimum=1)
    return 2 * num_features


def conv2d_multiply_adds(
    in_channels: int, out_channels: int, kernel_size: Size, output_size: Size, groups: int = 1
) -> int:
    """Multiply-adds of a convolution for one image; the biases' additions are not counted.

        H_out * W_out * out_channels * (in_channels / groups) * k_h * k_w

    One multiply-add is two floating-point operations (FLOPs): papers mean either by "FLOPs".

    Args:
        in_channels, out_channels, kernel_size, groups: as in torch.nn.Conv2d.
        output_size: H_out and W_out, or one integer for both.
    """
    h, w = integers("output_size", output_size, 2, minimum=1)
    return h * w * conv2d_parameters(in_channels, out_channels, kernel_size, groups, bias=False)


def linear_multiply_adds(in_features: int, out_features: int) -> int:
    """Multiply-adds of a fully-connected layer for one image: one for each weight."""
    return linear_parameters(in_features, out_features, bias=False)


def activation_memory_source(
    output_shape: Sequence[int], pooled_shape: Sequence[int] | None = None, itemsize: int = 4
) -> int:
    """The source's formula: bytes of a convolution's output, its activation's, and the pooling's.

        (2 * C * H * W + C * H_pool * W_pool) * itemsize

    For one image: the batch is named there as a caveat. The gradients are not counted.

    Args:
        output_shape: (C, H, W) of the convolution.
        pooled_shape: (C, H_pool, W_pool); None without pooling.
        itemsize: bytes of one number.

    Source: Kustikova et al., "Convolutional neural networks. Deep residual networks". Its sum over
    the layers of a net takes the next layer's input for the size before the pooling: too much.
    """
    pooled = prod(pooled_shape) if pooled_shape is not None else 0
    return (2 * prod(output_shape) + pooled) * itemsize


def activation_memory(
    output_shape: Sequence[int],
    batch_size: int = 1,
    itemsize: int = 4,
    activation: bool = True,
    gradient: bool = True,
) -> int:
    """Bytes that a layer's output takes in training if everything is kept.

        N * C * H * W * itemsize * (1 + activation) * (1 + gradient)

    An upper bound: a framework keeps less (`saved_bytes`), as it frees what no gradient needs.

    Args:
        output_shape: (C, H, W) or (F,), of one image.
        batch_size: N.
        itemsize: bytes of one number.
        activation: an activation function follows, with an output of its own.
        gradient: count dE/d(output) too, of the same size.
    """
    return batch_size * prod(output_shape) * itemsize * (1 + activation) * (1 + gradient)


def inception_multiply_adds(
    in_channels: int,
    size: Size,
    out_1x1: int,
    reduce_3x3: int,
    out_3x3: int,
    reduce_5x5: int,
    out_5x5: int,
    pool_proj: int,
) -> dict[str, int]:
    """Multiply-adds of each convolution in an inception module, for one image.

    Args:
        in_channels: of the module's input.
        size: H and W, which the module keeps.
        out_1x1, out_3x3, out_5x5: channels of the three convolutional branches.
        reduce_3x3, reduce_5x5: channels of the 1x1 convolution before the 3x3 and the 5x5; None
            for none, as in the naive module.
        pool_proj: channels of the 1x1 convolution after the pooling; None for none.

    Returns:
        {name of the convolution: multiply-adds}; `sum(result.values())` is the module's.

    Source: Szegedy et al., "Going deeper with convolutions" (2014), figure 2.
    """
    branches = {
        "1x1": (in_channels, out_1x1, 1),
        "3x3 reduce": (in_channels, reduce_3x3, 1),
        "3x3": (reduce_3x3 or in_channels, out_3x3, 3),
        "5x5 reduce": (in_channels, reduce_5x5, 1),
        "5x5": (reduce_5x5 or in_channels, out_5x5, 5),
        "pool proj": (in_channels, pool_proj, 1),
    }
    return {
        name: conv2d_multiply_adds(c_in, c_out, kernel_size, size)
        for name, (c_in, c_out, kernel_size) in branches.items()
        if c_out is not None
    }


# --- a net ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """Something that a layer keeps for its gradient.

    Attributes:
        what: "input", "output", "statistics", "indices", "mask" or "normalisation".
        tensor: the number of the tensor if others may keep the same one; None if it is the layer's.
        bytes: its size.
    """

    what: str
    tensor: int | None
    bytes: int


@dataclass(frozen=True)
class Layer:
    """One call of one layer, with what it costs for the whole batch.

    Attributes:
        name: unique in its net.
        kind: the class's name in torch.nn, "Conv2d", or "Add", "Concat".
        inputs: numbers of the tensors that it reads; 0 is the net's input. Two tensors that share
            memory (a view, an in-place result) have one number.
        output: the number of the tensor that it writes.
        input_shapes: their shapes.
        output_shape: its shape.
        parameters: trained ones.
        multiply_adds: of convolutions and fully-connected layers; all else counts 0.
        saved: what it keeps for its gradient.
        itemsize: bytes of one number.
    """

    name: str
    kind: str
    inputs: tuple[int, ...]
    output: int
    input_shapes: tuple[tuple[int, ...], ...]
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    saved: tuple[Saved, ...]
    itemsize: int = 4


# Which options a kind of layer has that its costs depend on, by torch.nn's names.
OPTIONS = {
    "Conv2d": ("in_channels", "out_channels", "kernel_size", "groups", "bias"),
    "Linear": ("in_features", "out_features", "bias"),
    "BatchNorm2d": ("num_features",),
    "LocalResponseNorm": ("size",),
    "Dropout": ("p",),
    **dict.fromkeys(("ReLU", "Tanh", "Sigmoid", "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d"), ()),
    **dict.fromkeys(("Flatten", "Identity", "Add", "Concat", "PadShortcut"), ()),
}


def layer(
    name: str,
    kind: str,
    inputs: Sequence[int],
    output: int,
    input_shapes: Sequence[Sequence[int]],
    output_shape: Sequence[int],
    itemsize: int = 4,
    **options: Any,
) -> Layer:
    """Count one call of one layer.

    What a layer keeps for its gradient follows from its derivative:

        Conv2d, Linear        dE/dW needs the input
        ReLU, Tanh, Sigmoid   the derivative follows from the output: the input is not kept
        BatchNorm2d           the input, and the batch's mean and 1 / deviation of each channel
        MaxPool2d             the winners' indices, 8 bytes each; torch keeps the input too
        AvgPool2d             nothing is needed, but torch keeps the input (for its shape)
        AdaptiveAvgPool2d     the same, but nothing if the output is 1 x 1: torch takes a mean
        Dropout               the mask, as numbers of the input's type (on CUDA: 1 byte each)
        LocalResponseNorm     the input, its padded squares, their averages, and those to the power
        Add, Concat, Flatten  nothing

    Weights that a gradient needs are not counted: they exist anyway.

    Args:
        name, kind, inputs, output, input_shapes, output_shape, itemsize: as in `Layer`.
        options: those that `OPTIONS` lists for the kind.

    Raises:
        ValueError: an unknown kind.
    """
    if kind not in OPTIONS:
        raise ValueError(f"kind must be one of {', '.join(OPTIONS)}, got {kind!r}")
    n = output_shape[0]
    parameters = multiply_adds = 0
    if kind == "Conv2d":
        parameters = conv2d_parameters(**options)
        sizes = {k: v for k, v in options.items() if k != "bias"}
        multiply_adds = n * conv2d_multiply_adds(output_size=output_shape[2:], **sizes)
    elif kind == "Linear":
        parameters = linear_parameters(**options)
        multiply_adds = prod(output_shape) * options["in_features"]
    elif kind == "BatchNorm2d":
        parameters = batch_norm_parameters(**options)

    in_elements, out_elements = prod(input_shapes[0]), prod(output_shape)
    its_input = Saved("input", inputs[0], in_elements * itemsize)
    saved = []
    if kind in ("Conv2d", "Linear", "BatchNorm2d", "MaxPool2d", "AvgPool2d", "LocalResponseNorm"):
        saved.append(its_input)
    if kind == "AdaptiveAvgPool2d" and output_shape[2:] != (1, 1):
        saved.append(its_input)
    if kind in ("ReLU", "Tanh", "Sigmoid"):
        saved.append(Saved("output", output, out_elements * itemsize))
    if kind == "BatchNorm2d":
        saved.append(Saved("statistics", None, 2 * input_shapes[0][1] * itemsize))
    if kind == "MaxPool2d":
        saved.append(Saved("indices", None, 8 * out_elements))
    if kind == "Dropout" and options["p"] > 0:
        saved.append(Saved("mask", None, in_elements * itemsize))
    if kind == "LocalResponseNorm":
        _, c, h, w = input_shapes[0]
        padded = n * (c + options["size"] - 1) * h * w
        saved.append(Saved("normalisation", None, (padded + 2 * in_elements) * itemsize))
    return Layer(
        name,
        kind,
        tuple(inputs),
        output,
        tuple(map(tuple, input_shapes)),
        tuple(output_shape),
        parameters,
        multiply_adds,
        tuple(saved),
        itemsize,
    )


def sequential(
    specs: Sequence[tuple[str, dict]], input_shape: Sequence[int], itemsize: int = 4
) -> list[Layer]:
    """Count a net that is a chain, from nothing but its description.

        sequential([("Conv2d", {"out_channels": 6, "kernel_size": 5}), ("ReLU", {})], (1, 1, 9, 9))

    Args:
        specs: (kind, options) of each layer, torch.nn's names and defaults; in_channels,
            in_features and num_features follow from the layer before and are not given.
        input_shape: (N, C, H, W).
        itemsize: bytes of one number.

    Raises:
        ValueError: an unknown kind or option, or a layer that its input is too small for.
    """
    layers, shape, tensor = [], tuple(input_shape), 0
    for i, (kind, given) in enumerate(specs):
        name = f"{i} {kind}"
        options = dict(given)
        output_shape = _output_shape(name, kind, shape, options)
        output = tensor if kind in ("Flatten", "Identity") else tensor + 1
        costs = {key: options[key] for key in OPTIONS[kind]}
        layers.append(
            layer(name, kind, (tensor,), output, (shape,), output_shape, itemsize, **costs)
        )
        shape, tensor = output_shape, output
    return layers


def _output_shape(name, kind, shape, options):
    """The shape after a layer; fills in what follows from `shape` and torch.nn's defaults."""
    defaults = {
        "Conv2d": {
            **{"out_channels": None, "kernel_size": None, "stride": 1, "padding": 0},
            **{"dilation": 1, "groups": 1, "bias": True},
        },
        "MaxPool2d": {"kernel_size": None, "stride": None, "padding": 0},
        "AvgPool2d": {"kernel_size": None, "stride": None, "padding": 0},
        "AdaptiveAvgPool2d": {"output_size": 1},
        "Linear": {"out_features": None, "bias": True},
        "Dropout": {"p": 0.5},
        "LocalResponseNorm": {"size": 5},
    }.get(kind, {})
    if kind not in OPTIONS or kind in ("Add", "Concat", "PadShortcut"):
        raise ValueError(f"kind must be one that a chain can have, got {kind!r} in layer {name}")
    if unknown := set(options) - set(defaults):
        raise ValueError(f"{name} must have options of {list(defaults)}, got {sorted(unknown)}")
    options.update({key: value for key, value in defaults.items() if key not in options})
    for key in ("out_channels", "kernel_size", "out_features"):
        if options.get(key, 0) is None:
            raise ValueError(f"{name} must have the option {key}")
    if kind == "Flatten":
        return shape[0], prod(shape[1:])
    if kind == "Linear":
        options["in_features"] = shape[-1]
        return *shape[:-1], options["out_features"]
    if kind in ("ReLU", "Tanh", "Sigmoid", "Dropout", "Identity"):
        return shape
    if len(shape) != 4:
        raise ValueError(f"{name} must have an input of shape (N, C, H, W), got {shape}")
    if kind == "BatchNorm2d":
        options["num_features"] = shape[1]
    if kind in ("BatchNorm2d", "LocalResponseNorm"):
        return shape
    if kind == "AdaptiveAvgPool2d":
        return *shape[:2], *integers("output_size", options["output_size"], 2, minimum=1)
    kernel = integers("kernel_size", options["kernel_size"], 2, minimum=1)
    stride = kernel
    if options["stride"] is not None:
        stride = integers("stride", options["stride"], 2, minimum=1)
    padding = integers("padding", options["padding"], 2)
    dilation = integers("dilation", options.get("dilation", 1), 2, minimum=1)
    size = tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(shape[2:], kernel, stride, padding, dilation, strict=True)
    )
    if min(size) < 1:
        raise ValueError(f"{name} must have an input as large as its kernel, got {shape[2:]}")
    if kind == "Conv2d":
        options["in_channels"] = shape[1]
        return shape[0], options["out_channels"], *size
    return *shape[:2], *size


def parameters(layers: Sequence[Layer]) -> int:
    """Trained parameters of a net. A layer that is called twice is counted once."""
    return sum({each.name: each.parameters for each in layers}.values())


def multiply_adds(layers: Sequence[Layer]) -> int:
    """Multiply-adds of a net's convolutions and fully-connected layers, for the whole batch."""
    return sum(each.multiply_adds for each in layers)


def output_bytes(layers: Sequence[Layer]) -> int:
    """Bytes of all layers' outputs; a view or an in-place result is no new output."""
    sizes = {}
    for each in layers:
        if each.output not in each.inputs:
            sizes[each.output] = prod(each.output_shape) * each.itemsize
    return sum(sizes.values())


def saved_by_layer(layers: Sequence[Layer]) -> list[list[Saved]]:
    """What each layer is the first to keep: a list of lists of `Saved`.

    A tensor that two layers keep (a ReLU its output, the next convolution its input) exists once.
    A layer keeps nothing where no gradient passes: without parameters of its own or before it.
    """
    seen, result, has_gradient = set(), [], set()
    for each in layers:
        passes = each.parameters > 0 or not has_gradient.isdisjoint(each.inputs)
        if passes:
            has_gradient.add(each.output)
        saved = each.saved if passes else ()
        new = [s for s in saved if s.tensor is None or s.tensor not in seen]
        seen.update(s.tensor for s in new)
        result.append(new)
    return result


def saved_bytes(layers: Sequence[Layer]) -> int:
    """Bytes that training keeps from the forward to the backward pass, the net's input included."""
    return sum(s.bytes for new in saved_by_layer(layers) for s in new)


def saved_by_reason(layers: Sequence[Layer]) -> dict[str, int]:
    """`saved_bytes` split by what it is, largest first: {"activations": ..., "indices": ...}."""
    total = {}
    for new in saved_by_layer(layers):
        for s in new:
            reason = "activations" if s.tensor is not None else s.what
            total[reason] = total.get(reason, 0) + s.bytes
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def training_memory(layers: Sequence[Layer], optimizer: str = "momentum") -> dict[str, int]:
    """Bytes that a training step holds at the end of its forward pass, and the gradients.

        weights      parameters * itemsize
        gradients    as many
        optimizer    0 (sgd), 1 (momentum) or 2 (adam) times as many
        activations  what the layers keep for their gradients (`saved_bytes`), without the batch
        batch        the input

    Not counted: the gradients of activations (they come as the activations go), workspaces of the
    library, and what an allocator rounds up.

    Args:
        layers: of `sequential` or `course.counting.measure.trace`.
        optimizer: "sgd", "momentum" or "adam".

    Returns:
        A dict of the five, and their "total".
    """
    if optimizer not in OPTIMIZER_COPIES:
        raise ValueError(f"optimizer must be one of {list(OPTIMIZER_COPIES)}, got {optimizer!r}")
    itemsize = layers[0].itemsize
    weights = parameters(layers) * itemsize
    batch = prod(layers[0].input_shapes[0]) * itemsize
    kept = [s for new in saved_by_layer(layers) for s in new]
    memory = {
        "weights": weights,
        "gradients": weights,
        "optimizer": OPTIMIZER_COPIES[optimizer] * weights,
        "activations": sum(s.bytes for s in kept if s.tensor != 0),
        "batch": batch,
    }
    return {**memory, "total": sum(memory.values())}


# --- the table -----------------------------------------------------------------------------------


def layer_table(layers: Sequence[Layer], caption: str = "") -> Table:
    """One row a layer: shape, parameters, multiply-adds, bytes of its output, bytes newly kept.

    A layer that is called again has its parameters in its first row. `table.rows` is a list of
    dicts (pandas takes it as it is), `str(table)` text; JupyterLab shows HTML.
    """
    if not layers:
        raise ValueError("layers must have at least one layer, got none")
    rows, counted, written = [], set(), set()
    for each, new in zip(layers, saved_by_layer(layers), strict=True):
        stored = each.output not in each.inputs and each.output not in written
        rows.append(
            {
                "layer": each.name,
                "kind": each.kind,
                "output": each.output_shape,
                "parameters": 0 if each.name in counted else each.parameters,
                "multiply-adds": each.multiply_adds,
                "output bytes": prod(each.output_shape) * each.itemsize if stored else 0,
                "saved bytes": sum(s.bytes for s in new),
            }
        )
        counted.add(each.name)
        written.add(each.output)
    total = {"layer": "total", "kind": "", "output": ""}
    for column in list(rows[0])[3:]:
        total[column] = sum(row[column] for row in rows)
    return Table(rows, total, caption)
