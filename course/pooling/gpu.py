"""Pooling in torch, on any device: the twins of the reference, from gather and scatter_add.

Each pooling is a `torch.autograd.Function` whose backward pass is written out: where the reference
adds windows to a picture, here `scatter_add` adds each value to the pixel that its place names.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from course.pooling import layout, reference

# --- maximum -------------------------------------------------------------------------------------


def max_pool2d(
    x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    """Give the largest value of each window: the twin of `reference.max_pool2d`.

    Args:
        x: (N, C, H, W) or (C, H, W), floats.
        kernel_size, stride, padding, dilation, ceil_mode, return_indices: as for
            torch.nn.functional.max_pool2d.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out), or a pair of it and the indices.
    """
    s = layout.pooling(Tensor, x, kernel_size, stride, padding, dilation, ceil_mode)
    y, indices = _MaxPool.apply(x, s)
    return (y, indices) if return_indices else y


class _MaxPool(torch.autograd.Function):
    """Keeps the winners' places; the gradient goes there and nowhere else."""

    @staticmethod
    def forward(ctx, x, s):
        windows = _windows(x.reshape(s.x), s, -torch.inf).flatten(4)
        # argmax names the first of equals; max alone does not promise it.
        winner = windows.argmax(dim=4, keepdim=True)
        indices = _places(s, x.device).flatten(2).expand(*s.y, -1)
        indices = indices.expand(*s.x[:2], *indices.shape).gather(4, winner)
        ctx.save_for_backward(indices)
        ctx.layout, ctx.shape = s, x.shape
        y = windows.gather(4, winner).reshape(s.output)
        indices = indices.reshape(s.output)
        ctx.mark_non_differentiable(indices)
        return y, indices

    @staticmethod
    def backward(ctx, grad_output, _):
        (indices,) = ctx.saved_tensors
        s = ctx.layout
        return _scatter(grad_output.reshape(*s.x[:2], -1), indices.flatten(2), s, ctx.shape), None


def max_pool2d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False
):
    """Send each gradient to the pixel that won: the twin of `reference.max_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, padding, dilation, ceil_mode)
    _, indices = max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode, True)
    flat = indices.reshape(*s.x[:2], s.y[0] * s.y[1])
    return _scatter(grad_output.reshape(flat.shape), flat, s, x.shape)


# --- averages ------------------------------------------------------------------------------------


def avg_pool2d(
    x,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """Give the mean of each window: the twin of `reference.avg_pool2d`.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).
    """
    s = layout.pooling(Tensor, x, kernel_size, stride, padding, 1, ceil_mode)
    return _WeightedSum.apply(x, _equal_weights(x, s, count_include_pad, divisor_override), s)


class _WeightedSum(torch.autograd.Function):
    """Sums windows (N, C, I, J, P, Q) by weights (I, J, P, Q); the gradient is shared by them."""

    @staticmethod
    def forward(ctx, x, weights, s):
        ctx.save_for_backward(weights)
        ctx.layout, ctx.shape = s, x.shape
        windows = _windows(x.reshape(s.x), s, 0.0)
        return torch.einsum("ncijpq,ijpq->ncij", windows, weights).reshape(s.output)

    @staticmethod
    def backward(ctx, grad_output):
        return _shared(grad_output, *ctx.saved_tensors, ctx.layout, ctx.shape), None, None


def _shared(grad_output, weights, s, shape):
    """Share each gradient among its window by weights (I, J, P, Q)."""
    grad = grad_output.reshape(*s.x[:2], *s.y)
    return _add_windows(torch.einsum("ncij,ijpq->ncijpq", grad, weights), s, shape)


def _equal_weights(x, s, count_include_pad, divisor_override):
    divisor = torch.from_numpy(reference.window_sizes(s, count_include_pad, divisor_override))
    return (1 / divisor).to(x)[..., None, None].expand(*s.y, *s.kernel)


def _distance_weights(x, s):
    return torch.from_numpy(reference.distance_weights(s.kernel)).to(x).expand(*s.y, *s.kernel)


def avg_pool2d_backward(
    grad_output,
    x,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """Share each gradient among its window: the twin of `reference.avg_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, padding, 1, ceil_mode)
    weights = _equal_weights(x, s, count_include_pad, divisor_override)
    return _shared(grad_output, weights, s, x.shape)


def global_avg_pool2d(x):
    """Give the mean of each plane: the twin of `reference.global_avg_pool2d`."""
    return avg_pool2d(x, tuple(x.shape[-2:]))


def global_avg_pool2d_backward(grad_output, x):
    """Share the gradient of each plane among its pixels: the reference's twin."""
    return avg_pool2d_backward(grad_output, x, tuple(x.shape[-2:]))


def weighted_avg_pool2d(x, kernel_size, stride=None, padding=0):
    """Give a mean in which the middle counts most: the twin of `reference.weighted_avg_pool2d`."""
    s = layout.pooling(Tensor, x, kernel_size, stride, padding)
    return _WeightedSum.apply(x, _distance_weights(x, s), s)


def weighted_avg_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    """Share each gradient by the weights: the twin of `reference.weighted_avg_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, padding)
    return _shared(grad_output, _distance_weights(x, s), s, x.shape)


# --- Lp ------------------------------------------------------------------------------------------


def lp_pool2d(x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """Give the Lp norm of each window, of |x|: the twin of `reference.lp_pool2d`.

    torch.nn.functional.lp_pool2d raises x itself to the power, so it differs for odd norm_type.
    """
    s = layout.pooling(Tensor, x, kernel_size, stride, ceil_mode=ceil_mode)
    return _LpPool.apply(x, layout.norm_type(norm_type), s)


class _LpPool(torch.autograd.Function):
    """The norm by way of the maximum, and its slope sign(w) * (|w| / y) ** (p - 1)."""

    @staticmethod
    def forward(ctx, x, p, s):
        windows = _windows(x.reshape(s.x), s, 0.0)
        size = windows.abs()
        largest = size.amax(dim=(4, 5), keepdim=True)
        ratio = torch.where(largest > 0, size / largest, 0.0)
        y = largest[..., 0, 0] * (ratio**p).sum(dim=(4, 5)) ** (1 / p)
        ctx.save_for_backward(x, y)
        ctx.layout, ctx.p = s, p
        return y.reshape(s.output)

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        return _lp_backward(grad_output, x, y, ctx.p, ctx.layout), None, None


def _lp_backward(grad_output, x, y, p, s):
    windows, y = _windows(x.reshape(s.x), s, 0.0), y[..., None, None]
    ratio = torch.where(y > 0, windows.abs() / y, 0.0)
    slope = windows.sign() * ratio ** (p - 1)
    return _add_windows(grad_output.reshape(y.shape) * slope, s, x.shape)


def lp_pool2d_backward(grad_output, x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """Share each gradient by size and sign: the twin of `reference.lp_pool2d_backward`."""
    s = layout.gradient(Tensor, grad_output, x, kernel_size, stride, 0, 1, ceil_mode)
    y = lp_pool2d(x, norm_type, kernel_size, stride, ceil_mode).reshape(*s.x[:2], *s.y)
    return _lp_backward(grad_output, x, y, layout.norm_type(norm_type), s)


# --- one dimension -------------------------------------------------------------------------------


def max_pool1d(
    x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    """`max_pool2d` of a signal: (N, C, L) or (C, L); also the indices where asked for."""
    k, step, pad, d = layout.row(Tensor, x, kernel_size, stride, padding, dilation)
    y, indices = max_pool2d(x[..., None, :], k, step, pad, d, ceil_mode, True)
    y, indices = y[..., 0, :], indices[..., 0, :]
    return (y, indices) if return_indices else y


def avg_pool1d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """`avg_pool2d` of a signal: (N, C, L) or (C, L)."""
    k, step, pad, _ = layout.row(Tensor, x, kernel_size, stride, padding)
    return avg_pool2d(x[..., None, :], k, step, pad, ceil_mode, count_include_pad)[..., 0, :]


def lp_pool1d(x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """`lp_pool2d` of a signal: (N, C, L) or (C, L)."""
    k, step, *_ = layout.row(Tensor, x, kernel_size, stride)
    return lp_pool2d(x[..., None, :], norm_type, k, step, ceil_mode)[..., 0, :]


def max_pool1d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False
):
    """`max_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, pad, d = layout.row(Tensor, x, kernel_size, stride, padding, dilation)
    return max_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], k, step, pad, d, ceil_mode
    )[..., 0, :]


def avg_pool1d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
    """`avg_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, pad, _ = layout.row(Tensor, x, kernel_size, stride, padding)
    return avg_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], k, step, pad, ceil_mode, count_include_pad
    )[..., 0, :]


def lp_pool1d_backward(grad_output, x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """`lp_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, *_ = layout.row(Tensor, x, kernel_size, stride)
    return lp_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], norm_type, k, step, ceil_mode
    )[..., 0, :]


# --- windows -------------------------------------------------------------------------------------


def _windows(x, s, fill):
    """Each window of x (N, C, H, W), padded with `fill`: (N, C, I, J, P, Q)."""
    (pH, pW), (endH, endW) = s.padding, s.ends
    padded = F.pad(x, (pW, pW + endW, pH, pH + endH), value=fill)
    (sH, sW), (eH, eW), (dH, dW) = s.stride, s.extent, s.dilation
    windows = padded.unfold(2, eH, sH).unfold(3, eW, sW)[..., ::dH, ::dW]
    return windows[:, :, : s.y[0], : s.y[1]]


def _places(s, device):
    """The pixel that each place of each window reads, i * W + j; (I, J, P, Q)."""
    H, W = s.x[2:]
    rows, columns = (
        (torch.arange(o, device=device)[:, None] * step - pad) + torch.arange(k, device=device) * d
        for o, step, pad, k, d in zip(s.y, s.stride, s.padding, s.kernel, s.dilation, strict=True)
    )
    # Places on the padding name a pixel too; what is added there is made zero.
    rows, columns = rows.clamp(0, H - 1), columns.clamp(0, W - 1)
    return rows[:, None, :, None] * W + columns[None, :, None, :]


def _add_windows(windows, s, shape):
    """Add windows (N, C, I, J, P, Q) to the pixels that they read."""
    inside = _windows(windows.new_ones(1, 1, *s.x[2:]), s, 0.0)
    values = (windows * inside).flatten(2)
    places = _places(s, windows.device).flatten().expand(values.shape)
    return _scatter(values, places, s, shape)


def _scatter(values, places, s, shape):
    """Add each value (N, C, M) to the pixel that its place names."""
    picture = values.new_zeros(*s.x[:2], s.x[2] * s.x[3])
    return picture.scatter_add(2, places, values).reshape(shape)
