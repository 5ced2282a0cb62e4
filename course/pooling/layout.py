"""Reads the arguments of a pooling for both twins: what is refused, and where its windows lie."""

from __future__ import annotations

from typing import Any, NamedTuple

from course.arguments import Size, expect_shape, integers, numeric, rank, shape
from course.arithmetic.reference import pool_output_size, window_count


class Layout(NamedTuple):
    """The windows of a pooling.

    Attributes:
        x: (N, C, H, W); N = 1 for unbatched input.
        kernel, stride, padding, dilation: pairs, vertical first.
        y: (I, J), the number of windows.
        output: the shape of what the caller gets back.
        ends: rows and columns that the last windows need below and to the right of the padded x.
    """

    x: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    y: tuple[int, ...]
    output: tuple[int, ...]
    ends: tuple[int, ...] = (0, 0)

    @property
    def extent(self) -> tuple[int, ...]:
        """The rows and columns that a window spans, holes included."""
        return tuple(d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True))

    @property
    def padded(self) -> tuple[int, ...]:
        """x with its padding and what the last windows need beyond it, (N, C, ..., ...)."""
        sizes = zip(self.x[2:], self.padding, self.ends, strict=True)
        return (*self.x[:2], *(n + 2 * p + end for n, p, end in sizes))


def pooling(
    kind: type,
    x: Any,
    kernel_size: Size,
    stride: Size | None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Layout:
    """Read the arguments of a two-dimensional pooling of x, of the type `kind`."""
    rank("x", x, ["(N, C, H, W)", "(C, H, W)"], kind)
    numeric("x", x, floating=True)
    kernel = integers("kernel_size", kernel_size, 2, minimum=1)
    step = kernel if _not_given(stride) else integers("stride", stride, 2, minimum=1)
    padding = integers("padding", padding, 2)
    dilation = integers("dilation", dilation, 2, minimum=1)
    sizes = shape(x)
    axes = list(zip(sizes[-2:], kernel, step, padding, dilation, strict=True))
    out = tuple(window_count(*axis, bool(ceil_mode)) for axis in axes)
    if min(out) < 1 or min(sizes[-2:]) < 1 or any(2 * p > k for _, k, _, p, _ in axes):
        pool_output_size(sizes[-2:], kernel, step, padding, dilation, bool(ceil_mode))
    batch = sizes if x.ndim == 4 else (1, *sizes)
    layout = Layout(batch, kernel, step, padding, dilation, out, (*sizes[:-2], *out))
    if not ceil_mode:  # then no window needs more
        return layout
    spans = zip(out, step, layout.extent, sizes[-2:], padding, strict=True)
    return layout._replace(
        ends=tuple(max(0, (o - 1) * s + e - n - 2 * p) for o, s, e, n, p in spans)
    )


def gradient(kind: type, grad_output: Any, x: Any, *arguments: Any) -> Layout:
    """Read the arguments of a backward pass: those of `pooling`, and grad_output."""
    layout = pooling(kind, x, *arguments)
    if not isinstance(grad_output, kind):
        rank("grad_output", grad_output, ["(N, C, H_out, W_out)", "(C, H_out, W_out)"], kind)
    expect_shape("grad_output", grad_output, layout.output, "the output's")
    return layout


def norm_type(value: Any) -> float:
    """The p of an Lp pooling, at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 1:
        raise ValueError(f"norm_type must be a number of at least 1, got {value!r}")
    return float(value)


def divisor(value: float) -> float:
    """An average's divisor_override, which is not 0."""
    if value == 0:
        raise ValueError("divisor_override must not be 0")
    return value


def row(
    kind: type,
    x: Any,
    kernel_size: Size,
    stride: Size | None,
    padding: Size = 0,
    dilation: Size = 1,
) -> tuple:
    """The sizes of a pooling of the signal x, (N, C, L) or (C, L), as those of one row.

    Each is an integer or a tuple of one, as torch takes them.
    """
    rank("x", x, ["(N, C, L)", "(C, L)"], kind)
    (k,) = integers("kernel_size", kernel_size, 1, minimum=1)
    step = None if _not_given(stride) else (1, *integers("stride", stride, 1, minimum=1))
    (p,), (d,) = integers("padding", padding, 1), integers("dilation", dilation, 1, minimum=1)
    return (1, k), step, (0, p), (1, d)


def _not_given(stride) -> bool:
    """None, or what torch writes for it: an empty tuple."""
    return stride is None or (isinstance(stride, (tuple, list)) and not stride)
