"""Pooling in torch, on any device: the twins of the reference, from maxima, sums and scatter_add.

A window's maximum is the maximum of its rows' maxima, and its sum the sum of its rows' sums. So
each axis is pooled by itself: P + Q steps over the whole batch instead of P * Q, and no window is
ever copied.

Each pooling is a `torch.autograd.Function` whose backward pass is written out.
"""

from __future__ import annotations

import functools
import itertools

import torch
import torch.nn.functional as F
from torch import Tensor

from course.arguments import Size
from course.pooling import layout, reference

# --- maximum -------------------------------------------------------------------------------------


def max_pool2d(
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Give the largest value of each window: the twin of `reference.max_pool2d`.

    Args:
        x: (N, C, H, W) or (C, H, W), floats.
        kernel_size, stride, padding, dilation, ceil_mode, return_indices: as for
            torch.nn.functional.max_pool2d.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out), or a pair of it and the indices.
    """
    s = layout.pooling(Tensor, x, kernel_size, stride, padding, dilation, ceil_mode)
    if return_indices or (torch.is_grad_enabled() and x.requires_grad):
        y, pixels = _MaxPool.apply(x, s)
        return (y, pixels.long()) if return_indices else y
    y = _largest(_batch(x), s)
    return y if x.ndim == 4 else y[0]


class _MaxPool(torch.autograd.Function):
    """Keeps the winners' places; the gradient goes there and nowhere else."""

    @staticmethod
    def forward(ctx, x, s):
        y, pixels = (part.reshape(s.output) for part in _winners(_batch(x), s))
        ctx.mark_non_differentiable(pixels)
        ctx.save_for_backward(pixels)
        ctx.s, ctx.form = s, _memory_format(x)
        return y, pixels

    @staticmethod
    def backward(ctx, grad_output, _):
        return _to_winners(grad_output, *ctx.saved_tensors, ctx.s, ctx.form), None


def _largest(x, s):
    """The largest value of each window of x (N, C, H, W): (N, C, I, J)."""
    y = _padded(x, s, -torch.inf)
    for axis in (3, 2):
        y = functools.reduce(torch.maximum, _taps(y, axis, s))
    return y.clone() if s.kernel == (1, 1) else y


def _winners(x, s):
    """The largest value of each window of x, and the pixel that it is, i * W + j, as int32.

    A NaN is the largest value of its window; which pixel is then named is not said.
    """
    H, W = s.x[2:]
    pixels = torch.arange(H * W, dtype=torch.int32, device=x.device).reshape(1, 1, H, W)
    y, pixels = _padded(x, s, -torch.inf), _padded(pixels, s, 0)
    # Along the rows first: of equals, the first in reading order must win.
    for axis in (3, 2):
        (y, pixels), *rest = zip(_taps(y, axis, s), _taps(pixels, axis, s), strict=True)
        for value, pixel in rest:
            pixels = torch.where(value > y, pixel, pixels)
            y = torch.maximum(value, y)
    return (y.clone(), pixels.expand(y.shape).clone()) if s.kernel == (1, 1) else (y, pixels)


def _to_winners(grad_output, pixels, s, form):
    """Add each gradient to the pixel that won."""
    picture = grad_output.new_zeros(*s.x[:2], s.x[2] * s.x[3])
    flat = *s.x[:2], s.y[0] * s.y[1]
    grads, places = grad_output.reshape(flat), pixels.reshape(flat).long()
    return _picture(picture.scatter_add_(2, places, grads), s, form)


def max_pool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Send each gradient to the pixel that won: the twin of `reference.max_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, padding, dilation, ceil_mode)
    _, pixels = _winners(_batch(x), s)
    return _to_winners(grad_output, pixels, s, _memory_format(x))


# --- averages ------------------------------------------------------------------------------------


def avg_pool2d(
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Give the mean of each window: the twin of `reference.avg_pool2d`.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).
    """
    s = layout.pooling(Tensor, x, kernel_size, stride, padding, 1, ceil_mode)
    divisor = _divisor(x, s, count_include_pad, divisor_override)
    # Autograd's book-keeping takes longer than a small picture.
    recorded = torch.is_grad_enabled() and x.requires_grad
    return _Average.apply(x, divisor, s) if recorded else _average(x, divisor, s)


def _average(x, divisor, s):
    """The sum of each window of x, divided: (N, C, I, J) or (C, I, J)."""
    # Wider than bfloat16: a sum of many numbers needs the digits.
    y = _padded(_batch(x), s, 0.0).to(torch.promote_types(x.dtype, torch.float32))
    for axis in (3, 2):
        y = functools.reduce(torch.add, _taps(y, axis, s))
    y = (y / divisor).to(x.dtype)
    return y if x.ndim == 4 else y[0]


class _Average(torch.autograd.Function):
    """Sums each window and divides; the gradient is divided, and shared out by `_Share`."""

    @staticmethod
    def forward(ctx, x, divisor, s):
        ctx.divisor, ctx.s, ctx.form = divisor, s, _memory_format(x)
        return _average(x, divisor, s)

    @staticmethod
    def backward(ctx, grad_output):
        return _Share.apply(grad_output, ctx.divisor, ctx.s, ctx.form), None, None


class _Share(torch.autograd.Function):
    """Divides each gradient and gives every pixel of its window that share."""

    @staticmethod
    def forward(ctx, grad_output, divisor, s, form):
        ctx.divisor, ctx.s = divisor, s
        wide = torch.promote_types(grad_output.dtype, torch.float32)
        grad = grad_output.reshape(*s.x[:2], *s.y).to(wide) / divisor
        for axis in (2, 3):
            size = list(grad.shape)
            size[axis] = s.padded[axis]
            shares, grad = grad, _zeros(size, grad, form)
            for pixels in _taps(grad, axis, s):
                pixels += shares
        return _picture(_cropped(grad, s).to(grad_output.dtype), s, form)

    @staticmethod
    def backward(ctx, grad):
        return _Average.apply(grad, ctx.divisor, ctx.s), None, None, None


def _divisor(x, s, count_include_pad, divisor_override):
    """What an average divides the sum of each window by: a number, or (I, J) numbers."""
    if divisor_override is not None:
        return layout.divisor(divisor_override)
    outside = s.padding if count_include_pad else (0, 0)
    counts = []
    for n, k, step, p, count, out in zip(
        s.x[2:], s.kernel, s.stride, s.padding, s.y, outside, strict=True
    ):
        if p == out and (count - 1) * step + k <= n + 2 * p:  # all windows lie within
            counts.append(k)
            continue
        # Counted on the device: a copy of numbers from the host would wait for it.
        start = torch.arange(count, device=x.device) * step - p
        counts.append((start + k).clamp(max=n + out) - start.clamp(min=-out))
    rows, columns = counts
    return (rows if isinstance(rows, int) else rows[:, None]) * columns


def avg_pool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Share each gradient among its window: the twin of `reference.avg_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, padding, 1, ceil_mode)
    divisor = _divisor(x, s, count_include_pad, divisor_override)
    return _Share.apply(grad_output, divisor, s, _memory_format(x))


def global_avg_pool2d(x: Tensor) -> Tensor:
    """Give the mean of each plane: the twin of `reference.global_avg_pool2d`."""
    s = layout.pooling(Tensor, x, tuple(x.shape[-2:]), None)
    return x.mean(dim=(-2, -1), keepdim=True).reshape(s.output)


def global_avg_pool2d_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """Share the gradient of each plane among its pixels: the reference's twin."""
    s = layout.gradient(Tensor, grad_output, x, tuple(x.shape[-2:]), None)
    return (grad_output / (s.x[2] * s.x[3])).expand(x.shape).contiguous()


def weighted_avg_pool2d(
    x: Tensor, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Tensor:
    """Give a mean in which the middle counts most: the twin of `reference.weighted_avg_pool2d`."""
    return _WeightedAverage.apply(x, layout.pooling(Tensor, x, kernel_size, stride, padding))


class _WeightedAverage(torch.autograd.Function):
    """Sums each window by weights; the gradient is shared out by them, in `_WeightedShare`."""

    @staticmethod
    def forward(ctx, x, s):
        ctx.s, ctx.form = s, _memory_format(x)
        taps = zip(reference.distance_weights(s.kernel).flat, _window_taps(x, s), strict=True)
        return sum(float(weight) * pixels for weight, pixels in taps).reshape(s.output)

    @staticmethod
    def backward(ctx, grad_output):
        return _WeightedShare.apply(grad_output, ctx.s, ctx.form), None


class _WeightedShare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, grad_output, s, form):
        ctx.s = s
        grad = grad_output.reshape(*s.x[:2], *s.y)
        shares = (float(weight) * grad for weight in reference.distance_weights(s.kernel).flat)
        return _added(shares, s, grad, form)

    @staticmethod
    def backward(ctx, grad):
        return _WeightedAverage.apply(grad, ctx.s), None, None


def weighted_avg_pool2d_backward(
    grad_output: Tensor, x: Tensor, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> Tensor:
    """Share each gradient by the weights: the twin of `reference.weighted_avg_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, padding)
    return _WeightedShare.apply(grad_output, s, _memory_format(x))


# --- Lp ------------------------------------------------------------------------------------------


def lp_pool2d(
    x: Tensor,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Give the Lp norm of each window, of |x|: the twin of `reference.lp_pool2d`.

    torch.nn.functional.lp_pool2d raises x itself to the power, so it differs for odd norm_type.
    """
    s = layout.pooling(Tensor, x, kernel_size, stride, ceil_mode=ceil_mode)
    return _LpPool.apply(x, layout.norm_type(norm_type), s)


class _LpPool(torch.autograd.Function):
    """The norm by way of the maximum, and its slope sign(w) * (|w| / y) ** (p - 1)."""

    @staticmethod
    def forward(ctx, x, p, s):
        size = _batch(x.abs())
        largest = _largest(size, s)
        scale = torch.where(largest > 0, largest, 1)  # an empty window's ratios are 0 / 1
        total = sum((pixels / scale) ** p for pixels in _window_taps(size, s))
        y = (largest * total ** (1 / p)).reshape(s.output)
        ctx.save_for_backward(x, y)
        ctx.s, ctx.p = s, p
        return y

    @staticmethod
    def backward(ctx, grad_output):
        return _lp_backward(grad_output, *ctx.saved_tensors, ctx.p, ctx.s), None, None


def _lp_backward(grad_output, x, y, p, s):
    grad, scale = (t.reshape(*s.x[:2], *s.y) for t in (grad_output, torch.where(y > 0, y, 1)))
    shares = (
        grad * pixels.sign() * (pixels.abs() / scale) ** (p - 1) for pixels in _window_taps(x, s)
    )
    return _added(shares, s, grad, _memory_format(x))


def lp_pool2d_backward(
    grad_output: Tensor,
    x: Tensor,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """Share each gradient by size and sign: the twin of `reference.lp_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, 0, 1, ceil_mode)
    y = lp_pool2d(x, norm_type, kernel_size, stride, ceil_mode)
    return _lp_backward(grad_output, x, y, layout.norm_type(norm_type), s)


# --- one dimension -------------------------------------------------------------------------------


def max_pool1d(
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """`max_pool2d` of a signal: (N, C, L) or (C, L); also the indices where asked for."""
    k, step, pad, d = layout.row(Tensor, x, kernel_size, stride, padding, dilation)
    result = max_pool2d(x[..., None, :], k, step, pad, d, ceil_mode, return_indices)
    return tuple(part[..., 0, :] for part in result) if return_indices else result[..., 0, :]


def avg_pool1d(
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """`avg_pool2d` of a signal: (N, C, L) or (C, L)."""
    k, step, pad, _ = layout.row(Tensor, x, kernel_size, stride, padding)
    return avg_pool2d(x[..., None, :], k, step, pad, ceil_mode, count_include_pad)[..., 0, :]


def lp_pool1d(
    x: Tensor,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """`lp_pool2d` of a signal: (N, C, L) or (C, L)."""
    k, step, *_ = layout.row(Tensor, x, kernel_size, stride)
    return lp_pool2d(x[..., None, :], norm_type, k, step, ceil_mode)[..., 0, :]


def max_pool1d_backward(
    grad_output: Tensor,
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """`max_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, pad, d = layout.row(Tensor, x, kernel_size, stride, padding, dilation)
    return max_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], k, step, pad, d, ceil_mode
    )[..., 0, :]


def avg_pool1d_backward(
    grad_output: Tensor,
    x: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """`avg_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, pad, _ = layout.row(Tensor, x, kernel_size, stride, padding)
    return avg_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], k, step, pad, ceil_mode, count_include_pad
    )[..., 0, :]


def lp_pool1d_backward(
    grad_output: Tensor,
    x: Tensor,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """`lp_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, *_ = layout.row(Tensor, x, kernel_size, stride)
    return lp_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], norm_type, k, step, ceil_mode
    )[..., 0, :]


# --- windows -------------------------------------------------------------------------------------


def _batch(x):
    return x if x.ndim == 4 else x[None]


def _padded(x, s, fill):
    """x (N, C, H, W) with its padding, and what the last windows need beyond it."""
    (pH, pW), (endH, endW) = s.padding, s.ends
    sides = (pW, pW + endW, pH, pH + endH)
    return F.pad(x, sides, value=fill) if any(sides) else x


def _cropped(x, s):
    """x without what `_padded` adds."""
    (pH, pW), (H, W) = s.padding, s.x[2:]
    return x[..., pH : pH + H, pW : pW + W]


def _taps(x, axis, s):
    """For each place in a window along axis 2 or 3: the pixels there, one for each window."""
    each = s.kernel[axis - 2], s.stride[axis - 2], s.dilation[axis - 2], s.y[axis - 2]
    kernel, step, dilation, count = each
    for start in range(0, kernel * dilation, dilation):
        read = slice(start, start + step * (count - 1) + 1, step)
        yield x[:, :, read] if axis == 2 else x[..., read]


def _window_taps(x, s):
    """For each place (p, q) in a window: the pixels there, (N, C, I, J)."""
    for rows in _taps(_padded(_batch(x), s, 0.0), 2, s):
        yield from _taps(rows, 3, s)


def _added(shares, s, like, form):
    """Add for each place (p, q) in a window its shares (N, C, I, J) to the pixels there."""
    grad = _zeros(s.padded, like, form)
    taps = itertools.chain.from_iterable(_taps(rows, 3, s) for rows in _taps(grad, 2, s))
    for pixels, share in zip(taps, shares, strict=True):
        pixels += share
    return _picture(_cropped(grad, s), s, form)


def _zeros(size, like, form):
    return torch.empty(size, dtype=like.dtype, device=like.device, memory_format=form).zero_()


def _memory_format(x):
    last = x.ndim == 4 and x.is_contiguous(memory_format=torch.channels_last)
    return torch.channels_last if last and not x.is_contiguous() else torch.contiguous_format


def _picture(x, s, form):
    """A gradient as the caller's x: its shape, (N, C, H, W) or (C, H, W), and its memory format."""
    return x.reshape(*s.output[:-2], *s.x[2:]).contiguous(memory_format=form)
