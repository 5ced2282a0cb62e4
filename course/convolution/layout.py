"""Reads the arguments of a convolution for both twins: what is refused, and every shape in it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from course.arguments import Size, expect_shape, integers, numeric, rank, same_dtype, shape

SPATIAL = {1: "L", 2: "H, W", 3: "D, H, W"}
KERNEL = {1: "kW", 2: "kH, kW", 3: "kD, kH, kW"}


class Layout(NamedTuple):
    """The shapes of a convolution, its channels split into groups, and how its windows lie.

    Written here for two spatial axes:

    Attributes:
        x: (N, G, C, H, W); C channels in each of G groups, N = 1 for unbatched input.
        weight: (G, O, C, P, Q); O kernels in each group, of P by Q taps.
        y: (N, G, O, I, J); I by J windows.
        output: the shape of what the caller gets back.
        stride: (stride_h, stride_w).
        padding: ((top, bottom), (left, right)).
        dilation: (dilation_h, dilation_w).
    """

    x: tuple[int, ...]
    weight: tuple[int, ...]
    y: tuple[int, ...]
    output: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]

    @property
    def extent(self) -> tuple[int, ...]:
        """The length that a window spans along each spatial axis, holes included."""
        return tuple(d * (k - 1) + 1 for d, k in zip(self.dilation, self.weight[3:], strict=True))

    @property
    def rows(self) -> tuple[int, ...]:
        """All kernels as rows, (G, O, C * P * Q)."""
        return (*self.weight[:2], math.prod(self.weight[2:]))

    @property
    def columns_of_y(self) -> tuple[int, ...]:
        """y with its places in one axis, (N, G, O, I * J)."""
        return (*self.y[:3], math.prod(self.y[3:]))

    @property
    def columns(self) -> tuple[int, ...]:
        """All windows as columns, (N, G, C * P * Q, I * J)."""
        rows, count = math.prod(self.weight[2:]), math.prod(self.y[3:])
        return (*self.x[:2], rows, count)

    @property
    def inside(self) -> tuple[slice, ...]:
        """Where x lies within its padding, along each spatial axis."""
        sizes = zip(self.padding, self.x[3:], strict=True)
        return tuple(slice(before, before + size) for (before, _), size in sizes)

    @property
    def flipped(self) -> Layout:
        """With stride 1, the transposed convolution as the convolution that it is, y to x.

        Its padding is negative, which cuts off, where this one's is wider than the kernel.
        """
        groups, kernels, channels, *kernel_size = self.weight
        befores = [e - 1 - before for e, (before, _) in zip(self.extent, self.padding, strict=True)]
        sizes = zip(self.x[3:], self.y[3:], self.extent, befores, strict=True)
        return self._replace(
            x=self.y,
            weight=(groups, channels, kernels, *kernel_size),
            y=self.x,
            padding=tuple(
                (before, size + e - 1 - count - before) for size, count, e, before in sizes
            ),
        )

    @property
    def padded(self) -> tuple[int, ...]:
        """x with its padding, (N, G, C, top + H + bottom, left + W + right)."""
        sizes = zip(self.padding, self.x[3:], strict=True)
        return (*self.x[:3], *(before + size + after for (before, after), size in sizes))


def convolution(
    kind: type,
    n: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Size,
    padding: Size | str,
    dilation: Size,
    groups: int,
) -> Layout:
    """Read the arguments of conv1d, conv2d or conv3d; `n` is the number of spatial axes."""
    _arrays(kind, n, x, f"(C_out, C_in / groups, {KERNEL[n]})", weight, bias)
    layout = _layout(n, shape(x), shape(weight), stride, padding, dilation, groups)
    if bias is not None:
        expect_shape("bias", bias, (weight.shape[0],), "(C_out,)")
    return layout


def backward(
    kind: type,
    n: int,
    grad_output: Any,
    x: Any,
    weight: Any,
    stride: Size,
    padding: Size | str,
    dilation: Size,
    groups: int,
) -> Layout:
    """Read the arguments of conv1d_backward or conv2d_backward."""
    layout = convolution(kind, n, x, weight, None, stride, padding, dilation, groups)
    spatial = SPATIAL[n].replace(",", "_out,") + "_out"
    layouts = [f"(N, C_out, {spatial})", f"(C_out, {spatial})"]
    rank("grad_output", grad_output, layouts, kind)
    expect_shape("grad_output", grad_output, layout.output, "the output's")
    numeric("x", x, floating=True)
    same_dtype(x=x, weight=weight, grad_output=grad_output)
    return layout


def matrix(
    kind: type,
    weight: Any,
    input_size: Size,
    stride: Size,
    padding: Size | str,
    dilation: Size,
    groups: int,
) -> Layout:
    """Read the arguments of conv_matrix; the rank of `weight` says how many spatial axes."""
    rank("weight", weight, [f"(C_out, C_in / groups, {k})" for k in KERNEL.values()], kind)
    numeric("weight", weight)
    n = weight.ndim - 2
    (groups,) = integers("groups", groups, 1, minimum=1)
    size = integers("input_size", input_size, n, minimum=1)
    x_shape = (weight.shape[1] * groups, *size)
    return _layout(n, x_shape, shape(weight), stride, padding, dilation, groups)


def transposed(
    kind: type,
    n: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Size,
    padding: Size,
    output_padding: Size,
    groups: int,
    dilation: Size,
) -> Layout:
    """Read the arguments of a transposed convolution.

    Returns:
        The Layout of the convolution that it transposes: there `y` is what we are given and `x`
        what we look for.
    """
    _arrays(kind, n, x, f"(C_in, C_out / groups, {KERNEL[n]})", weight, bias)
    (groups,) = integers("groups", groups, 1, minimum=1)
    stride = integers("stride", stride, n, minimum=1)
    padding = integers("padding", padding, n)
    output_padding = integers("output_padding", output_padding, n)
    dilation = integers("dilation", dilation, n, minimum=1)
    *batch, in_channels = shape(x)[:-n]
    c_in, o, *kernel_size = shape(weight)
    _sizes("x", shape(x)[-n:])
    _sizes("weight", kernel_size)
    if c_in != in_channels or c_in == 0:
        raise ValueError(
            f"weight must have C_in = {in_channels} (and at least 1), the channels of x, as its "
            f"first axis, got shape {shape(weight)}"
        )
    if c_in % groups or o == 0:
        raise ValueError(
            f"groups must divide the {c_in} channels of x and leave each group a channel to give, "
            f"got {groups} with weight {shape(weight)}"
        )
    size = _transposed_size(shape(x)[-n:], kernel_size, stride, padding, output_padding, dilation)
    if bias is not None:
        expect_shape("bias", bias, (o * groups,), "(C_out,)")
    n_batch = math.prod(batch)
    return Layout(
        x=(n_batch, groups, o, *size),
        weight=(groups, c_in // groups, o, *kernel_size),
        y=(n_batch, groups, c_in // groups, *shape(x)[-n:]),
        output=(*batch, o * groups, *size),
        stride=stride,
        padding=tuple((pad, pad) for pad in padding),
        dilation=dilation,
    )


def _transposed_size(size, kernel_size, stride, padding, output_padding, dilation):
    """The output size of a transposed convolution; ValueError where there is none."""
    for extra, s, d in zip(output_padding, stride, dilation, strict=True):
        if extra >= max(s, d):
            raise ValueError(
                "output_padding must be smaller than stride or dilation, "
                f"{max(s, d)} here, got {extra}"
            )
    output_size = tuple(
        (length - 1) * s - 2 * pad + d * (k - 1) + extra + 1
        for length, s, pad, d, k, extra in zip(
            size, stride, padding, dilation, kernel_size, output_padding, strict=True
        )
    )
    if min(output_size) < 1:
        raise ValueError(
            f"padding must leave an output of at least 1, got {padding}, which leaves {output_size}"
        )
    return output_size


def unfolding(
    kind: type, x: Any, kernel_size: Size, dilation: Size, padding: Size, stride: Size
) -> Layout:
    """Read the arguments of unfold: a convolution in which each weight picks one tap."""
    rank("x", x, ["(N, C, H, W)", "(C, H, W)"], kind)
    numeric("x", x, floating=True)
    return _picks(shape(x), kernel_size, dilation, padding, stride)


def folding(
    kind: type,
    x: Any,
    output_size: Size,
    kernel_size: Size,
    dilation: Size,
    padding: Size,
    stride: Size,
) -> Layout:
    """Read the arguments of fold: the Layout of the unfold that it transposes."""
    rank("x", x, ["(N, C * kH * kW, L)", "(C * kH * kW, L)"], kind)
    numeric("x", x, floating=True)
    size = integers("output_size", output_size, 2, minimum=1)
    taps = math.prod(integers("kernel_size", kernel_size, 2, minimum=1))
    *batch, rows, _ = shape(x)
    if rows == 0 or rows % taps:
        raise ValueError(
            f"x must have a multiple of kH * kW = {taps} as its axis {len(batch)}, got {shape(x)}"
        )
    image = (*batch, rows // taps, *size)
    layout = _picks(image, kernel_size, dilation, padding, stride)
    expect_shape("x", x, layout.output, "one column for each window")
    return layout._replace(output=image)


def crop(kind: type, n: int, x: Any, weight: Any, mode: str) -> tuple[slice, ...]:
    """Read the arguments of a mathematician's convolution.

    Returns:
        For each axis, the slice of the full convolution that `mode` keeps, as scipy.signal does.
    """
    rank("x", x, ["(L,)"] if n == 1 else ["(H, W)"], kind)
    rank("weight", weight, ["(kW,)"] if n == 1 else ["(kH, kW)"], kind)
    _sizes("x", shape(x))
    _sizes("weight", shape(weight))
    if mode not in ("full", "same", "valid"):
        raise ValueError(f'mode must be "full", "same" or "valid", got {mode!r}')
    sizes = list(zip(shape(x), shape(weight), strict=True))
    if mode == "valid" and len({x_size < k for x_size, k in sizes if x_size != k}) > 1:
        raise ValueError(
            'mode "valid" needs x or weight to be at least as large as the other along every axis, '
            f"got {shape(x)} and {shape(weight)}"
        )
    kept = {
        "full": lambda size, k: (0, size + k - 1),
        "same": lambda size, k: ((k - 1) // 2, size),
        "valid": lambda size, k: (min(size, k) - 1, abs(size - k) + 1),
    }[mode]
    starts = [kept(size, k) for size, k in sizes]
    return tuple(slice(start, start + length) for start, length in starts)


def _arrays(kind, n, x, weight_layout, weight, bias) -> None:
    rank("x", x, [f"(N, C_in, {SPATIAL[n]})", f"(C_in, {SPATIAL[n]})"], kind)
    rank("weight", weight, [weight_layout], kind)
    if bias is not None:
        rank("bias", bias, ["(C_out,)"], kind)
    numeric("x", x)
    same_dtype(x=x, weight=weight, bias=bias)


def _layout(n, x_shape, weight_shape, stride, padding, dilation, groups, kernel="weight"):
    """Check that shapes and settings fit; `kernel` is the argument that says the kernel's size."""
    (groups,) = integers("groups", groups, 1, minimum=1)
    stride = integers("stride", stride, n, minimum=1)
    dilation = integers("dilation", dilation, n, minimum=1)
    *batch, in_channels = x_shape[:-n]
    out_channels, c, *kernel_size = weight_shape
    _sizes("x", x_shape[-n:])
    _sizes(kernel, kernel_size)
    if in_channels == 0:
        raise ValueError(f"x must have at least 1 channel, got shape {tuple(x_shape)}")
    if in_channels % groups:
        raise ValueError(f"groups must divide the {in_channels} channels of x, got {groups}")
    if c != in_channels // groups:
        raise ValueError(
            f"weight must have C_in / groups = {in_channels} / {groups} = {in_channels // groups} "
            f"channels as its second axis, got shape {weight_shape}"
        )
    if out_channels == 0 or out_channels % groups:
        raise ValueError(
            f"weight must have a positive multiple of groups = {groups} as its first axis, C_out, "
            f"got shape {weight_shape}"
        )
    n_batch, o = math.prod(batch), out_channels // groups
    layout = Layout(
        x=(n_batch, groups, c, *x_shape[-n:]),
        weight=(groups, o, c, *kernel_size),
        y=(),
        output=(),
        stride=stride,
        padding=_padding(n, padding, stride, dilation, kernel_size),
        dilation=dilation,
    )
    spans = list(zip(layout.padded[3:], layout.extent, stride, strict=True))
    if any(size < extent for size, extent, _ in spans):
        raise ValueError(
            f"{kernel} must fit in the padded input, {layout.padded[3:]}, got a kernel of "
            f"{tuple(kernel_size)}, which with dilation {dilation} spans {layout.extent}"
        )
    count = tuple((size - extent) // step + 1 for size, extent, step in spans)
    return layout._replace(y=(n_batch, groups, o, *count), output=(*batch, out_channels, *count))


def _padding(n, padding, stride, dilation, kernel_size) -> tuple[tuple[int, int], ...]:
    if not isinstance(padding, str):
        return tuple((pad, pad) for pad in integers("padding", padding, n))
    if padding == "valid":
        return ((0, 0),) * n
    if padding != "same":
        raise ValueError(f'padding must be integers, "same" or "valid", got {padding!r}')
    if max(stride) > 1:
        raise ValueError(f'stride must be 1 with padding "same", got {stride}')
    # As in torch, the odd one of an uneven padding goes to the end.
    totals = [d * (k - 1) for d, k in zip(dilation, kernel_size, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def _picks(image, kernel_size, dilation, padding, stride) -> Layout:
    """The Layout of unfold on an image of shape (N, C, H, W) or (C, H, W)."""
    *batch, c, _, _ = image
    kernel_size = integers("kernel_size", kernel_size, 2, minimum=1)
    padding = integers("padding", padding, 2)
    rows = c * math.prod(kernel_size)
    layout = _layout(
        2, image, (rows, c, *kernel_size), stride, padding, dilation, 1, kernel="kernel_size"
    )
    return layout._replace(output=(*batch, rows, math.prod(layout.y[3:])))


def _sizes(name, sizes) -> None:
    if min(sizes) < 1:
        raise ValueError(f"{name} must have spatial sizes of at least 1, got {tuple(sizes)}")
