"""Convolution in torch, on any device: the twins of the reference, from tensor primitives.

The letters are the reference's: n, g, c, o, the place i, j, k and the tap p, q, r. Every function
is differentiable, twice too. Under autocast a convolution computes in autocast's dtype, as
torch's own layers do.
"""

from __future__ import annotations

import itertools
import math

import torch
import torch.nn.functional as F
from torch import Tensor

from course.convolution import layout


def conv1d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels along a signal: the twin of `reference.conv1d`.

    Args:
        x: (N, C_in, L) or (C_in, L).
        weight: (C_out, C_in / groups, kW).
        bias: (C_out,) or None.
        stride, padding, dilation, groups: as for torch.nn.functional.conv1d.

    Returns:
        (N, C_out, L_out) or (C_out, L_out).
    """
    x, weight, bias = _autocast(x, weight, bias)
    s = layout.convolution(Tensor, 1, x, weight, bias, stride, padding, dilation, groups)
    windows = _windows(x.reshape(s.x), s)
    y = torch.einsum("ngcip,gocp->ngoi", windows, weight.reshape(s.weight))
    y = y.reshape(s.output)
    return y if bias is None else y + bias[:, None]


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels over a picture: the twin of `reference.conv2d`.

    Args:
        x: (N, C_in, H, W) or (C_in, H, W).
        weight: (C_out, C_in / groups, kH, kW).
        bias: (C_out,) or None.
        stride, padding, dilation, groups: as for torch.nn.functional.conv2d.

    Returns:
        (N, C_out, H_out, W_out) or (C_out, H_out, W_out).
    """
    x, weight, bias = _autocast(x, weight, bias)
    s = layout.convolution(Tensor, 2, x, weight, bias, stride, padding, dilation, groups)
    windows = _windows(x.reshape(s.x), s)
    y = torch.einsum("ngcijpq,gocpq->ngoij", windows, weight.reshape(s.weight))
    y = y.reshape(s.output)
    return y if bias is None else y + bias[:, None, None]


def conv3d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels through a volume or a film: the twin of `reference.conv3d`.

    Args:
        x: (N, C_in, D, H, W) or (C_in, D, H, W).
        weight: (C_out, C_in / groups, kD, kH, kW).
        bias: (C_out,) or None.
        stride, padding, dilation, groups: as for torch.nn.functional.conv3d.

    Returns:
        (N, C_out, D_out, H_out, W_out) or (C_out, D_out, H_out, W_out).
    """
    x, weight, bias = _autocast(x, weight, bias)
    s = layout.convolution(Tensor, 3, x, weight, bias, stride, padding, dilation, groups)
    windows = _windows(x.reshape(s.x), s)
    y = torch.einsum("ngcijkpqr,gocpqr->ngoijk", windows, weight.reshape(s.weight))
    y = y.reshape(s.output)
    return y if bias is None else y + bias[:, None, None, None]


def conv1d_backward(grad_output, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Give the gradients of `conv1d`: the twin of `reference.conv1d_backward`.

    Returns:
        (grad_x, grad_weight, grad_bias), the shapes of x, of weight, and (C_out,).
    """
    s = layout.backward(Tensor, 1, grad_output, x, weight, stride, padding, dilation, groups)
    grad, windows = grad_output.reshape(s.y), _windows(x.reshape(s.x), s)
    grad_windows = torch.einsum("ngoi,gocp->ngcip", grad, weight.reshape(s.weight))
    grad_weight = torch.einsum("ngoi,ngcip->gocp", grad, windows)
    grad_bias = torch.einsum("ngoi->go", grad)
    grad_x = _add_windows(grad_windows, s)
    return grad_x.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(-1)


def conv2d_backward(grad_output, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Give the gradients of `conv2d`: the twin of `reference.conv2d_backward`.

    Returns:
        (grad_x, grad_weight, grad_bias), the shapes of x, of weight, and (C_out,).
    """
    s = layout.backward(Tensor, 2, grad_output, x, weight, stride, padding, dilation, groups)
    grad, windows = grad_output.reshape(s.y), _windows(x.reshape(s.x), s)
    grad_windows = torch.einsum("ngoij,gocpq->ngcijpq", grad, weight.reshape(s.weight))
    grad_weight = torch.einsum("ngoij,ngcijpq->gocpq", grad, windows)
    grad_bias = torch.einsum("ngoij->go", grad)
    grad_x = _add_windows(grad_windows, s)
    return grad_x.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(-1)


class Conv1dFunction(torch.autograd.Function):
    """`conv1d` with `conv1d_backward` as its gradient.

    Conv1dFunction.apply(x, weight, bias, stride, padding, dilation, groups): all seven, by place.
    """

    @staticmethod
    def forward(ctx, x, weight, bias, *settings):
        ctx.save_for_backward(x, weight)
        ctx.settings = settings
        return conv1d(x, weight, bias, *settings)

    @staticmethod
    def backward(ctx, grad_output):
        return _gradients(ctx, conv1d_backward, grad_output)


class Conv2dFunction(torch.autograd.Function):
    """`conv2d` with `conv2d_backward` as its gradient.

    It keeps x alone for the backward pass, where torch's own derivative of `conv2d` keeps all
    windows, kH * kW times as much.

    Conv2dFunction.apply(x, weight, bias, stride, padding, dilation, groups): all seven, by place.
    """

    @staticmethod
    def forward(ctx, x, weight, bias, *settings):
        ctx.save_for_backward(x, weight)
        ctx.settings = settings
        return conv2d(x, weight, bias, *settings)

    @staticmethod
    def backward(ctx, grad_output):
        return _gradients(ctx, conv2d_backward, grad_output)


def conv_transpose2d(
    x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Let every input pixel paint the kernel: the twin of `reference.conv_transpose2d`.

    Args:
        x: (N, C_in, H, W) or (C_in, H, W).
        weight: (C_in, C_out / groups, kH, kW).
        bias: (C_out,) or None.
        stride, padding, output_padding, groups, dilation: as for
            torch.nn.functional.conv_transpose2d.

    Returns:
        (N, C_out, H_out, W_out) or (C_out, H_out, W_out).
    """
    x, weight, bias = _autocast(x, weight, bias)
    s = layout.transposed(
        Tensor, 2, x, weight, bias, stride, padding, output_padding, groups, dilation
    )
    windows = torch.einsum("ngcij,gcopq->ngoijpq", x.reshape(s.y), weight.reshape(s.weight))
    y = _add_windows(windows, s).reshape(s.output)
    return y if bias is None else y + bias[:, None, None]


def unfold(x, kernel_size, dilation=1, padding=0, stride=1):
    """Write each window of a picture as a column (im2col): the twin of `reference.unfold`.

    Args:
        x: (N, C, H, W) or (C, H, W), floating-point.
        kernel_size, dilation, padding, stride: an integer or a pair.

    Returns:
        (N, C * kH * kW, L) or (C * kH * kW, L), where L is the number of windows.
    """
    s = layout.unfolding(Tensor, x, kernel_size, dilation, padding, stride)
    columns = torch.einsum("ngcijpq->ngcpqij", _windows(x.reshape(s.x), s))
    # A copy where windows overlap in memory: columns must not.
    return columns.contiguous().reshape(s.output)


def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Add columns back to where `unfold` read them (col2im): the twin of `reference.fold`.

    Args:
        x: (N, C * kH * kW, L) or (C * kH * kW, L), floating-point.
        output_size: (H, W) of the picture.
        kernel_size, dilation, padding, stride: an integer or a pair.

    Returns:
        (N, C, H, W) or (C, H, W).
    """
    s = layout.folding(Tensor, x, output_size, kernel_size, dilation, padding, stride)
    columns = x.reshape(*s.x[:3], *s.weight[3:], *s.y[3:])
    return _add_windows(torch.einsum("ngcpqij->ngcijpq", columns), s).reshape(s.output)


def convolve1d(x, weight, mode="full"):
    """Convolve two signals as mathematicians do: the twin of `reference.convolve1d`.

    Args:
        x: (L,).
        weight: (kW,).
        mode: "full", "same" or "valid", as scipy.signal.convolve has them.
    """
    kept = layout.crop(Tensor, 1, x, weight, mode)
    full = conv1d(x[None], weight.flip(0)[None, None], padding=len(weight) - 1)
    return full[0][kept]


def convolve2d(x, weight, mode="full"):
    """Convolve two pictures as mathematicians do: the twin of `reference.convolve2d`.

    Args:
        x: (H, W).
        weight: (kH, kW).
        mode: "full", "same" or "valid", as scipy.signal.convolve2d has them.
    """
    kept = layout.crop(Tensor, 2, x, weight, mode)
    padding = weight.shape[0] - 1, weight.shape[1] - 1
    full = conv2d(x[None], weight.flip(0, 1)[None, None], padding=padding)
    return full[0][kept]


def conv_matrix(weight, input_size, stride=1, padding=0, dilation=1, groups=1):
    """Write a convolution as a sparse matrix: the twin of `reference.conv_matrix`.

    Args:
        weight: (C_out, C_in / groups, kH, kW), or with one or three sizes of the kernel.
        input_size: (H, W), or as many sizes as the kernel has.
        stride, padding, dilation, groups: as for `conv2d`.

    Returns:
        A coalesced sparse COO tensor, (C_out * H_out * W_out, C_in * H * W); the gradient of what
        is computed from it reaches `weight`.
    """
    s = layout.matrix(Tensor, weight, input_size, stride, padding, dilation, groups)
    n = len(s.stride)
    g, o, c, *kernel_size = s.weight
    rows, columns = math.prod(s.y), math.prod(s.x)
    # Pixels are counted from 1, so that the padding is 0.
    pixel = 1 + torch.arange(columns, device=weight.device).reshape(s.x)
    pixel = _windows(pixel, s).reshape(g, 1, c, *s.y[3:], *kernel_size)
    row = torch.arange(rows, device=weight.device).reshape(g, o, 1, *s.y[3:], *[1] * n)
    value = weight.reshape(g, o, c, *[1] * n, *kernel_size)
    row, pixel, value = torch.broadcast_tensors(row, pixel, value)
    inside = pixel > 0
    places = torch.stack([row[inside], pixel[inside] - 1])
    # Said either way, torch does not warn that it leaves the check out.
    entries = places, value[inside], (rows, columns)
    return torch.sparse_coo_tensor(*entries, check_invariants=True).coalesce()


def _windows(x, s):
    """View each window of x (N, G, C, H, W), padded: (N, G, C, I, J, P, Q)."""
    # torch wants the last axis first, and every pair flat.
    windows = F.pad(x, list(itertools.chain(*reversed(s.padding))))
    for axis, (extent, step) in enumerate(zip(s.extent, s.stride, strict=True), start=3):
        windows = windows.unfold(axis, extent, step)
    return windows[(..., *(slice(None, None, step) for step in s.dilation))]


def _add_windows(windows, s):
    """Add windows (N, G, C, I, J, P, Q) to where `_windows` reads them: (N, G, C, H, W)."""
    padded = windows.new_zeros(s.padded)
    for tap in itertools.product(*map(range, s.weight[3:])):
        read = (
            slice(d * p, d * p + step * (count - 1) + 1, step)
            for d, p, step, count in zip(s.dilation, tap, s.stride, s.y[3:], strict=True)
        )
        padded[(..., *read)] += windows[(..., *tap)]
    ends = zip(s.padding, s.x[3:], strict=True)
    return padded[(..., *(slice(before, before + size) for (before, _), size in ends))]


def _autocast(*tensors):
    """Cast as torch's own layers do under autocast: all but float64, integers and complex."""
    device = tensors[0].device.type if isinstance(tensors[0], Tensor) else "cpu"
    if not torch.is_autocast_enabled(device):
        return tensors
    dtype, narrow = torch.get_autocast_dtype(device), (torch.float16, torch.bfloat16, torch.float32)
    return tuple(
        tensor.to(dtype) if isinstance(tensor, Tensor) and tensor.dtype in narrow else tensor
        for tensor in tensors
    )


def _gradients(ctx, backward, grad_output):
    """What a Function returns: a gradient for each tensor, None for each setting."""
    # Under autocast the gradient comes back narrower than the tensors went in.
    x, weight = (tensor.to(grad_output.dtype) for tensor in ctx.saved_tensors)
    grad_x, grad_weight, grad_bias = backward(grad_output, x, weight, *ctx.settings)
    grad_bias = grad_bias if ctx.needs_input_grad[2] else None
    return grad_x, grad_weight, grad_bias, *[None] * len(ctx.settings)
