"""The same questions, asked of torch itself: sizes from its layers, reading from its gradients.

Sizes come from running a layer on the meta device, which has shapes and no numbers: neither memory
nor time depend on the size. What is read comes from the gradient: a pixel that an output reads is
one that has a gradient there.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from course.arguments import Size, integers
from course.arithmetic.nets import build
from course.arithmetic.reference import Field, Layer

_CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_CONV_TRANSPOSE = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
_MAX_POOL = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}


def conv_output_size(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Size:
    """The output size of torch's convolution.

    Args:
        input_size: an integer, or a tuple of up to three.
        kernel_size, stride, padding, dilation: an integer or as many.

    Returns:
        As `input_size`: an integer or a tuple.

    Raises:
        RuntimeError: torch refuses.
    """
    size, kernel = _sizes(input_size, kernel_size)
    x, weight = _empty(1, 1, *size), _empty(1, 1, *kernel)
    y = _CONV[len(size)](x, weight, None, stride, padding, dilation)
    return _like(input_size, y)


def conv_transpose_output_size(
    input_size: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
) -> Size:
    """The output size of torch's transposed convolution; as `conv_output_size`."""
    size, kernel = _sizes(input_size, kernel_size)
    x, weight = _empty(1, 1, *size), _empty(1, 1, *kernel)
    layer = _CONV_TRANSPOSE[len(size)]
    y = layer(x, weight, None, stride, padding, output_padding, 1, dilation)
    return _like(input_size, y)


def pool_output_size(
    input_size: Size,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Size:
    """The output size of torch's max pooling; as `conv_output_size`."""
    size, kernel = _sizes(input_size, kernel_size)
    y = _MAX_POOL[len(size)](_empty(1, 1, *size), kernel, stride, padding, dilation, ceil_mode)
    return _like(input_size, y)


def same_padding(kernel_size: Size, dilation: Size = 1) -> tuple:
    """The zeros (before, after) that torch puts around the input for padding="same".

    A kernel with one tap moves an impulse: how far, says how many zeros there were.

    Args:
        kernel_size, dilation: integers.
    """
    (k,), (d,) = integers("kernel_size", kernel_size, 1, 1), integers("dilation", dilation, 1, 1)
    n = d * k
    impulses, taps = torch.eye(n)[:, None], torch.eye(k)[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that an odd number of zeros costs a copy
        first = F.conv1d(impulses[:1], taps[:1], padding="same", dilation=d)  # y[i] = x[i - before]
        last = F.conv1d(impulses[-1:], taps[-1:], padding="same", dilation=d)
    return int(first.argmax()), n - 1 - int(last.argmax())


def read_counts(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Tensor:
    """How many windows read each pixel: the gradient of all outputs together, the taps being 1.

    Args:
        input_size, kernel_size, stride, padding, dilation: integers, or tuples of one.

    Returns:
        (n,), on the CPU.
    """
    n, k = integers("input_size", input_size, 1, 1), integers("kernel_size", kernel_size, 1, 1)
    x = torch.ones(1, 1, *n, requires_grad=True)
    y = F.conv1d(x, torch.ones(1, 1, *k), None, stride, padding, dilation)
    (grad,) = torch.autograd.grad(y.sum(), x)
    return grad[0, 0].long()


def unused_border(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Size:
    """The pixels behind the last one that torch reads.

    This is what the floor drops, as long as neither stride nor dilation leaves holes.

    Args:
        input_size, kernel_size, stride, padding, dilation: integers, or tuples of one.
    """
    counts = read_counts(input_size, kernel_size, stride, padding, dilation)
    read = counts.nonzero()
    return len(counts) - 1 - int(read.max()) if len(read) else len(counts)


def spread(x: Tensor, stride: int) -> Tensor:
    """Put stride - 1 zeros between the pixels of the last axis: the twin of `reference.spread`."""
    (s,) = integers("stride", stride, 1, minimum=1)
    zeros = x.new_zeros(*x.shape, s - 1)
    return torch.cat([x[..., None], zeros], -1).flatten(-2)[..., : (x.shape[-1] - 1) * s + 1]


def trace(layers: Sequence[Layer], input_shape: Sequence[int]) -> list[tuple[int, ...]]:
    """The shape after each layer, the input's first, from torch's layers on the meta device.

    Args:
        layers: in order.
        input_shape: (C, L), (C, H, W) or (C, D, H, W).

    Raises:
        RuntimeError: torch refuses.
    """
    x = _empty(1, *input_shape)
    shapes = [tuple(input_shape)]
    for module in build(layers, input_shape[0], len(input_shape) - 1, "meta"):
        x = module(x)
        shapes.append(tuple(x.shape[1:]))
    return shapes


def receptive_field(layers: Sequence[Layer], device: torch.device | str = "cpu") -> list[Field]:
    """What one output of each layer sees, measured: the pixels where its gradient is not zero.

    All weights are positive, and pooling takes the mean, so that nothing cancels and nothing is
    left out. Two neighbours in the middle of a long signal give size, jump and start. Each axis is
    measured by itself.

    Args:
        layers: convolutions and pooling.
        device: where to run.

    Returns:
        As `reference.receptive_field`.
    """
    tuples = [
        len(value)
        for layer in layers
        for value in (layer.kernel_size, *_steps(layer))
        if isinstance(value, tuple)
    ]
    if not tuples:
        return _measured(layers, 0, 1, device)
    axes = [_measured(layers, axis, max(tuples), device) for axis in range(max(tuples))]
    return [Field(*zip(*parts, strict=True)) for parts in zip(*axes, strict=True)]


def _measured(layers, axis: int, axes: int, device) -> list[Field]:
    """`receptive_field` along one of so many axes.

    The signal grows until twice its length gives the same fields: then no output in the middle
    reads the padding at its ends.
    """
    windows = [
        [integers("size", value, axes)[axis] for value in (each.kernel_size, *_steps(each))]
        for each in layers
    ]
    length, before = 64, None
    while True:
        fields = _in_the_middle(windows, length, device)
        if fields is not None and fields == before:
            return fields
        length, before = 2 * length, fields


def _steps(layer: Layer):
    return layer.stride, layer.padding, layer.dilation


def _in_the_middle(windows, length: int, device) -> list[Field] | None:
    """The fields of the outputs in the middle of a signal; None where it is too short."""
    # float64 where there is one: the gradients at the end of a deep field are tiny.
    dtype = torch.float32 if torch.device(device).type == "mps" else torch.float64
    x = torch.ones(1, 1, length, dtype=dtype, device=device, requires_grad=True)
    y, fields = x, []
    for k, s, p, d in windows:
        if y.shape[-1] + 2 * p < d * (k - 1) + 1:
            return None
        weight = torch.full((1, 1, k), 1 / k, dtype=dtype, device=device)
        y = F.conv1d(y, weight, None, s, p, d)
        i = y.shape[-1] // 2 - 1
        if i < 8:  # so near the border, two lengths could agree by chance
            return None
        (first, last), (following, _) = _seen(y[0, 0, i], x), _seen(y[0, 0, i + 1], x)
        jump = following - first
        fields.append(Field(last - first + 1, jump, first - i * jump))
    return fields


def _seen(y: Tensor, x: Tensor) -> tuple[int, int]:
    """The first and the last place of x where y has a gradient."""
    (grad,) = torch.autograd.grad(y, x, retain_graph=True)
    places = grad[0, 0].nonzero()
    return (int(places[0]), int(places[-1])) if len(places) else (0, -1)


def _sizes(input_size, kernel_size) -> tuple[tuple[int, ...], tuple[int, ...]]:
    axes = len(input_size) if isinstance(input_size, (tuple, list)) else 1
    if axes not in _CONV:
        raise ValueError(f"input_size must have one to three numbers, got {input_size!r}")
    return integers("input_size", input_size, axes, 1), integers(
        "kernel_size", kernel_size, axes, 1
    )


def _empty(*shape: int) -> Tensor:
    return torch.empty(shape, device="meta")


def _like(input_size, y: Tensor):
    size = tuple(y.shape[2:])
    return size if isinstance(input_size, (tuple, list)) else size[0]
