"""The arithmetic of layers: how big an output is, which pixels it reads, what a deep output sees.

The letters are the same all through, for one axis of a picture:

    n     input_size, the pixels that come in
    k     kernel_size, the taps of the kernel
    s     stride, the step from one window to the next
    P     padding, the zeros on each side
    d     dilation, the step from one tap to the next
    e     the extent of the window: from its first tap to its last, d * (k - 1) + 1 pixels
    o     the size of the output
    i, p  the place of the window, which is the place in the output; the tap

A size may be an integer, a tuple of one integer for each axis, or an integer array, whose elements
are as many separate questions. Several of them broadcast together: 3 stands for (3, 3). An answer
is an array where an argument is, else a tuple where an argument is, else an integer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from course.arguments import Size, integers
from course.table import Table

Count = int | ndarray

# --- how big -------------------------------------------------------------------------------------


def conv_output_size(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Size:
    """How many places a window has: the output size of a convolution.

        e = d * (k - 1) + 1
        o = floor((n + 2 * P - e) / s) + 1

    The first window starts at the first padded pixel; n + 2 * P - e pixels lie behind it, and each
    step uses up s of them.

    Args:
        input_size, kernel_size, stride, dilation: at least 1.
        padding: at least 0.

    Raises:
        ValueError: the window is longer than the padded input.

    Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning" (2016),
        relationship 15.
    """
    (n, k, s, P, d), like = _read(
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    e = d * (k - 1) + 1
    _refuse_where(
        n + 2 * P < e,
        "kernel_size must fit into the padded input, {} pixels here, got a window of {}",
        *(n + 2 * P, e),
    )
    return like((n + 2 * P - e) // s + 1)


def conv_transpose_output_size(
    input_size: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
) -> Size:
    """The output size of a transposed convolution: the sizes of a convolution, read backwards.

        o = (n - 1) * s - 2 * P + d * (k - 1) + output_padding + 1

    A convolution rounds down, so that up to s input sizes have one output size; output_padding says
    which of them comes back.

    Args:
        input_size, kernel_size, stride, dilation: at least 1.
        padding: at least 0; it is cut off both ends of the output.
        output_padding: at least 0, less than stride or dilation; pixels more at the end.

    Raises:
        ValueError: output_padding is too large, or padding leaves no output.

    Source: Dumoulin, Visin (2016), relationship 14; torch.nn.ConvTranspose2d for dilation.
    """
    (n, k, s, P, extra, d), like = _read(
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    _refuse_where(
        extra >= np.maximum(s, d),
        "output_padding must be smaller than stride or dilation, {} here, got {}",
        *(np.maximum(s, d), extra),
    )
    o = (n - 1) * s - 2 * P + d * (k - 1) + extra + 1
    _refuse_where(
        o < 1, "padding must leave an output of at least 1, got {}, which leaves {}", P, o
    )
    return like(o)


def pool_output_size(
    input_size: Size,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Size:
    """The output size of a pooling layer, which may round up instead of down.

        e = d * (k - 1) + 1
        o = floor((n + 2 * P - e) / s) + 1                 without ceil_mode
        o = ceil((n + 2 * P - e) / s) + 1                  with ceil_mode,
            less 1 if the last window would start behind the input and its left padding:
            (o - 1) * s >= n + P

    Args:
        input_size, kernel_size, dilation: at least 1.
        stride: at least 1; kernel_size when None.
        padding: at most half of kernel_size, as torch has it, whatever the dilation.
        ceil_mode: also count a window that hangs over the end.

    Raises:
        ValueError: padding is too large, or no window fits.

    Source: torch.nn.MaxPool2d.
    """
    (n, k, s, P, d), like = _read(
        input_size=input_size,
        kernel_size=kernel_size,
        stride=kernel_size if stride is None else stride,
        padding=padding,
        dilation=dilation,
    )
    _refuse_where(k < 2 * P, "padding must be at most half of kernel_size, {} here, got {}", k, P)
    o = window_count(n, k, s, P, d, ceil_mode)
    message = "kernel_size must fit into the padded input, {} pixels here, got {}"
    _refuse_where(o < 1, message, n + 2 * P, d * (k - 1) + 1)
    return like(o)


def window_count(
    n: Count, k: Count, s: Count, P: Count, d: Count, ceil_mode: bool = False
) -> Count:
    """The formula of `pool_output_size`, of integers or arrays, nothing checked."""
    behind = n + 2 * P - d * (k - 1) - 1
    if not ceil_mode:
        return behind // s + 1
    o = -(-behind // s) + 1
    return o - ((o - 1) * s >= n + P)


def same_padding(kernel_size: Size, dilation: Size = 1) -> tuple:
    """The zeros before and after the input that keep its size at stride 1.

        before + after = d * (k - 1),   before = floor(d * (k - 1) / 2)

    An odd number cannot be split in two: the one zero more goes behind, as in torch.

    Returns:
        (before, after); a pair of them for each axis where kernel_size or dilation is a tuple.

    Source: torch.nn.functional.conv2d, padding="same".
    """
    (k, d), like = _read(kernel_size=kernel_size, dilation=dilation)
    total = d * (k - 1)
    before, after = like(total // 2), like(total - total // 2)
    return tuple(zip(before, after, strict=True)) if isinstance(before, tuple) else (before, after)


def unused_border(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Size:
    """The pixels of the input that lie behind the last window: what the floor drops.

        unused = max(0, (n + 2 * P - e) mod s - P)

    The remainder lies at the end, and the P zeros there are the first to go. A stride longer than
    the window leaves more pixels out, between the windows; `read_counts` shows them all.

    Raises:
        ValueError: the window is longer than the padded input.
    """
    (n, k, s, P, d), like = _read(
        input_size=input_size,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    conv_output_size(n, k, s, P, d)  # refuses what has no output
    e = d * (k - 1) + 1
    return like(np.maximum(0, (n + 2 * P - e) % s - P))


# --- which pixels --------------------------------------------------------------------------------


def windows(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> ndarray:
    """Where each window reads, along one axis.

        where[i, p] = s * i + d * p - P

    Less than 0, or n and more: the tap reads a zero of the padding.

    Args:
        input_size, kernel_size, stride, padding, dilation: integers, or tuples of one.

    Returns:
        (o, k), integers.

    Raises:
        ValueError: the window is longer than the padded input.
    """
    (k,), (s,) = integers("kernel_size", kernel_size, 1, 1), integers("stride", stride, 1, 1)
    (P,), (d,) = integers("padding", padding, 1), integers("dilation", dilation, 1, 1)
    (o,) = conv_output_size(integers("input_size", input_size, 1, 1), k, s, P, d)
    i, p = np.arange(o)[:, None], np.arange(k)
    return s * i + d * p - P


def read_counts(
    input_size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> ndarray:
    """How many windows read each pixel, along one axis.

        count[a] = the number of pairs i, p with s * i + d * p - P = a

    In a picture, the count at (row, column) is the product of the counts of row and column. For the
    transposed layer it is the number of taps that write each output pixel.

    Args:
        input_size, kernel_size, stride, padding, dilation: integers, or tuples of one.

    Returns:
        (n,), integers.

    Raises:
        ValueError: the window is longer than the padded input.
    """
    (n,) = integers("input_size", input_size, 1, 1)
    where = windows(n, kernel_size, stride, padding, dilation)
    inside = where[(where >= 0) & (where < n)]
    return np.bincount(inside, minlength=n)


def spread(x: ndarray, stride: int) -> ndarray:
    """Put stride - 1 zeros between the pixels of the last axis: what a transposed layer does first.

        y[..., s * i] = x[..., i],   y = 0 elsewhere

    A transposed convolution of x is a plain one of `spread(x, stride)`, with stride 1, the kernel
    turned round and padding d * (k - 1) - P.

    Args:
        x: (..., L).
        stride: an integer, at least 1.

    Returns:
        (..., (L - 1) * stride + 1).
    """
    (s,) = integers("stride", stride, 1, minimum=1)
    *lead, length = x.shape
    y = np.zeros((*lead, (length - 1) * s + 1), x.dtype)
    y[..., ::s] = x
    return y


# --- what a deep output sees ---------------------------------------------------------------------

KINDS = ("conv", "conv_transpose", "max_pool", "avg_pool")


@dataclass(frozen=True)
class Layer:
    """One layer of a chain, as far as sizes go.

    Attributes:
        kind: "conv", "conv_transpose", "max_pool" or "avg_pool".
        kernel_size: an integer, or a tuple of one for each axis; so are the next four.
        stride: None means 1, for pooling kernel_size.
        padding, dilation: as for torch.
        output_padding: of a transposed convolution.
        ceil_mode: of pooling.
        out_channels: of a convolution; None keeps the channels.
        name: what a table calls it.
    """

    kind: str
    kernel_size: int | tuple[int, ...]
    stride: int | tuple[int, ...] | None = None
    padding: int | tuple[int, ...] = 0
    dilation: int | tuple[int, ...] = 1
    output_padding: int | tuple[int, ...] = 0
    ceil_mode: bool = False
    out_channels: int | None = None
    name: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}")
        if self.pools and self.out_channels is not None:
            raise ValueError(f"out_channels must be None for pooling, got {self.out_channels}")
        if self.out_channels is not None:
            integers("out_channels", self.out_channels, 1, minimum=1)
        if self.ceil_mode and not self.pools:
            raise ValueError(f"ceil_mode must be False for a {self.kind} layer, got True")
        if np.any(self.output_padding) and self.kind != "conv_transpose":
            raise ValueError(
                f"output_padding must be 0 for a {self.kind} layer, got {self.output_padding}"
            )
        if np.any(np.asarray(self.dilation) != 1) and self.kind == "avg_pool":
            raise ValueError(f"dilation must be 1 for an avg_pool layer, got {self.dilation}")
        if self.stride is None:
            object.__setattr__(self, "stride", self.kernel_size if self.pools else 1)

    @property
    def pools(self) -> bool:
        return self.kind.endswith("_pool")

    def output_size(self, input_size: Size) -> Size:
        """The size after this layer: one of the three formulas above."""
        window = self.kernel_size, self.stride, self.padding
        if self.kind == "conv_transpose":
            return conv_transpose_output_size(
                input_size, *window, self.output_padding, self.dilation
            )
        if self.pools:
            return pool_output_size(input_size, *window, self.dilation, self.ceil_mode)
        return conv_output_size(input_size, *window, self.dilation)


class Field(NamedTuple):
    """What an output sees of the input, along each axis: integers, or tuples of them.

    Output i sees pixels start + i * jump to start + i * jump + size - 1, less those that lie
    outside of the input.
    """

    size: int | tuple[int, ...]
    jump: int | tuple[int, ...]
    start: int | tuple[int, ...]


def receptive_field(layers: Sequence[Layer]) -> list[Field]:
    """What one output of each layer sees of the chain's input.

        size  = size + (e - 1) * jump         e = d * (k - 1) + 1
        start = start - P * jump
        jump  = jump * s                      in this order: the old jump is used above

    from size = 1, jump = 1, start = 0: a pixel sees itself. A window spans e pixels of the layer
    before; they lie `jump` input pixels apart, and each sees `size` of them.

    With dilation or a stride larger than the kernel, pixels between the first and the last may be
    left out; the size counts them.

    Args:
        layers: convolutions and pooling, in order. A transposed convolution is refused: what its
            outputs see differs from one to the next.

    Returns:
        The field after each layer, as many as there are layers.

    Source: Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks",
        Distill (2019).
    """
    size, jump, start = np.int64(1), np.int64(1), np.int64(0)
    fields, tuples = [], False
    for layer in layers:
        if layer.kind == "conv_transpose":
            raise ValueError("layers must be convolutions and pooling, got a conv_transpose")
        (k, s, P, d), like = _read(
            kernel_size=layer.kernel_size,
            stride=layer.stride,
            padding=layer.padding,
            dilation=layer.dilation,
        )
        e = d * (k - 1) + 1
        try:
            size, start, jump = size + (e - 1) * jump, start - P * jump, jump * s
        except ValueError:
            raise ValueError(
                f"layers must agree in their number of axes, got {layer} after others"
            ) from None
        tuples = tuples or like is _tuple
        same = np.broadcast_arrays(size, jump, start)
        fields.append(Field(*map(_tuple if tuples else int, same)))
    return fields


class Row(NamedTuple):
    """One layer of a trace.

    Attributes:
        name: the layer's, or its kind.
        layer: the Layer; None for the input.
        shape: (C, H, W) after it, or with one or three sizes.
        unused: pixels at the end of each axis that it does not read.
        field: what one of its outputs sees; None behind a transposed convolution.
    """

    name: str
    layer: Layer | None
    shape: tuple[int, ...]
    unused: tuple[int, ...]
    field: Field | None


class Trace(list):
    """The rows of `trace`; it shows itself as a table."""

    def table(self) -> Table:
        """One line a layer: its window, the shape after it, and what one number there sees."""
        return Table([_cells(row) for row in self])

    def __str__(self):
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self):
        return self.table()._repr_html_()


def _cells(row: Row) -> dict:
    window = {
        name: _brief(getattr(row.layer, attribute, ""))
        for name, attribute in [
            ("kernel", "kernel_size"),
            ("stride", "stride"),
            ("padding", "padding"),
        ]
    }
    return {
        "layer": row.name,
        **window,
        "shape": row.shape,
        "numbers": prod(row.shape),
        "lost": _brief(row.unused),
        "sees": _brief(row.field.size) if row.field else "",
        "jump": _brief(row.field.jump) if row.field else "",
    }


def trace(layers: Sequence[Layer], input_shape: Sequence[int]) -> Trace:
    """The shape after each layer of a chain, and what one number there sees of the input.

    Args:
        layers: in order.
        input_shape: (C, L), (C, H, W) or (C, D, H, W).

    Returns:
        One `Row` for the input and one for each layer.

    Raises:
        ValueError: a layer does not fit, with its number and name.
    """
    axes = len(input_shape) - 1
    if axes not in (1, 2, 3):
        raise ValueError(
            f"input_shape must be (C, L), (C, H, W) or (C, D, H, W), got {tuple(input_shape)}"
        )
    channels, *size = integers("input_shape", input_shape, axes + 1, minimum=1)
    size, zeros = tuple(size), (0,) * axes
    rows = Trace(
        [Row("input", None, (channels, *size), zeros, Field((1,) * axes, (1,) * axes, zeros))]
    )
    for number, layer in enumerate(layers):
        try:
            after = layer.output_size(size)
        except ValueError as error:
            raise ValueError(f"layer {number} ({layer.name or layer.kind}): {error}") from None
        if len(after) != axes:
            raise ValueError(
                f"layer {number} ({layer.name or layer.kind}) must have sizes for {axes} axes, "
                f"got {layer}"
            )
        unused, field = zeros, None
        if layer.kind != "conv_transpose" and not layer.ceil_mode:
            unused = unused_border(
                size, layer.kernel_size, layer.stride, layer.padding, layer.dilation
            )
        before = layers[: number + 1]
        if all(each.kind != "conv_transpose" for each in before):
            field = Field(*(np.broadcast_to(part, axes) for part in receptive_field(before)[-1]))
            field = Field(*map(_tuple, field))
        channels, size = layer.out_channels or channels, after
        rows.append(Row(layer.name or layer.kind, layer, (channels, *size), unused, field))
    return rows


# LeNet-5 down to its last convolution. Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based
# learning applied to document recognition" (1998), figure 2; the input is (1, 32, 32).
LENET5 = (
    Layer("conv", 5, out_channels=6, name="C1"),
    Layer("avg_pool", 2, name="S2"),
    Layer("conv", 5, out_channels=16, name="C3"),
    Layer("avg_pool", 2, name="S4"),
    Layer("conv", 5, out_channels=120, name="C5"),
)

# VGG-16 without its fully-connected layers. Source: Simonyan, Zisserman, "Very deep convolutional
# networks for large-scale image recognition" (2014), table 1, column D; the input is (3, 224, 224).
VGG16 = tuple(
    layer
    for block, (channels, depth) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)], 1)
    for layer in (
        *(
            Layer("conv", 3, padding=1, out_channels=channels, name=f"conv{block}_{i}")
            for i in range(1, depth + 1)
        ),
        Layer("max_pool", 2, name=f"pool{block}"),
    )
)


# --- reading arguments ---------------------------------------------------------------------------

MINIMUM = {"padding": 0, "output_padding": 0}  # all other sizes are at least 1


def _read(**sizes) -> tuple[list[np.ndarray], Callable]:
    """The sizes as integer arrays of one shape, and what turns such an array into the answer."""
    arrays = [_array(name, value) for name, value in sizes.items()]
    try:
        arrays = np.broadcast_arrays(*arrays)
    except ValueError:
        shapes = ", ".join(f"{name}={value!r}" for name, value in sizes.items())
        raise ValueError(
            f"{next(iter(sizes))} and the others must broadcast, got {shapes}"
        ) from None
    if any(isinstance(value, np.ndarray) for value in sizes.values()):
        return arrays, np.asarray
    return arrays, _tuple if arrays[0].ndim else int


def _array(name: str, value) -> np.ndarray:
    minimum = MINIMUM.get(name, 1)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iu":
            raise ValueError(f"{name} must have an integer dtype, got {value.dtype}")
        if value.size and value.min() < minimum:
            raise ValueError(f"{name} must be at least {minimum}, got {value.min()}")
        return value.astype(np.int64)
    count = max(1, len(value)) if isinstance(value, (tuple, list)) else 1
    items = integers(name, value, count, minimum)
    return np.array(items if isinstance(value, (tuple, list)) else items[0], np.int64)


def _refuse_where(wrong: np.ndarray, message: str, *values: np.ndarray) -> None:
    """Raise ValueError with the first values for which `wrong` holds."""
    if np.any(wrong):
        first = np.unravel_index(np.argmax(wrong), np.shape(wrong))
        raise ValueError(message.format(*(np.broadcast_to(v, wrong.shape)[first] for v in values)))


def _tuple(array) -> tuple[int, ...]:
    return tuple(int(size) for size in array)


def _brief(size):
    """3 for 3 and for (3, 3)."""
    return size[0] if isinstance(size, tuple) and len(set(size)) == 1 else size
