"""Convolution in torch, on any device: the twins of the reference, from tensor primitives.

The letters are the reference's: n, g, c, o, the place i, j, k and the tap p, q, r. A convolution is
one copy and one matrix product: the windows become columns, and the kernels' rows multiply them.

    columns[n, g, (c, p, q), (i, j)] = windows[n, g, c, i, j, p, q]
    y[n, g, o, (i, j)] = sum over (c, p, q) of
                         weight[g, o, (c, p, q)] * columns[n, g, (c, p, q), (i, j)]

The copy holds every pixel once for each window that reads it, P * Q times as much as x. It is worth
it: a matrix product reads whole rows from memory in order, and is what every machine does fastest.

Every function is differentiable, as often as asked. Under autocast a convolution computes in
autocast's dtype, as torch's own layers do; a batch in memory format channels_last gives one.
"""

from __future__ import annotations

import itertools
import math

import torch
import torch.nn.functional as F
from torch import Tensor

from course.arguments import Size
from course.convolution import layout


def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
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
    y = _run(_Convolution, x.reshape(s.x), weight.reshape(s.weight), s).reshape(s.output)
    return y if bias is None else y + bias[:, None]


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
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
    y = _run(_Convolution, x.reshape(s.x), weight.reshape(s.weight), s).reshape(s.output)
    return y if bias is None else y + bias[:, None, None]


def conv3d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
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
    y = _run(_Convolution, x.reshape(s.x), weight.reshape(s.weight), s).reshape(s.output)
    return y if bias is None else y + bias[:, None, None, None]


def conv1d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """Give the gradients of `conv1d`: the twin of `reference.conv1d_backward`.

    Returns:
        (grad_x, grad_weight, grad_bias), the shapes of x, of weight, and (C_out,).
    """
    s = layout.backward(Tensor, 1, grad_output, x, weight, stride, padding, dilation, groups)
    grad = grad_output.reshape(s.y)
    grad_x = _run(_Transposed, grad, weight.reshape(s.weight), s)
    grad_weight = _run(_WeightGradient, grad, x.reshape(s.x), s)
    grad_bias = torch.einsum("ngoi->go", grad)
    return grad_x.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(-1)


def conv2d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """Give the gradients of `conv2d`: the twin of `reference.conv2d_backward`.

    Returns:
        (grad_x, grad_weight, grad_bias), the shapes of x, of weight, and (C_out,).
    """
    s = layout.backward(Tensor, 2, grad_output, x, weight, stride, padding, dilation, groups)
    grad = grad_output.reshape(s.y)
    grad_x = _run(_Transposed, grad, weight.reshape(s.weight), s)
    grad_weight = _run(_WeightGradient, grad, x.reshape(s.x), s)
    grad_bias = torch.einsum("ngoij->go", grad)
    return grad_x.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(-1)


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Tensor:
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
    y = _run(_Transposed, x.reshape(s.y), weight.reshape(s.weight), s).reshape(s.output)
    return y if bias is None else y + bias[:, None, None]


def unfold(
    x: Tensor, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1
) -> Tensor:
    """Write each window of a picture as a column (im2col): the twin of `reference.unfold`.

    Args:
        x: (N, C, H, W) or (C, H, W), floating-point.
        kernel_size, dilation, padding, stride: an integer or a pair.

    Returns:
        (N, C * kH * kW, L) or (C * kH * kW, L), where L is the number of windows.
    """
    s = layout.unfolding(Tensor, x, kernel_size, dilation, padding, stride)
    return _run(_Unfold, x.reshape(s.x), s).reshape(s.output)


def fold(
    x: Tensor,
    output_size: Size,
    kernel_size: Size,
    dilation: Size = 1,
    padding: Size = 0,
    stride: Size = 1,
) -> Tensor:
    """Add columns back to where `unfold` read them (col2im): the twin of `reference.fold`.

    Args:
        x: (N, C * kH * kW, L) or (C * kH * kW, L), floating-point.
        output_size: (H, W) of the picture.
        kernel_size, dilation, padding, stride: an integer or a pair.

    Returns:
        (N, C, H, W) or (C, H, W).
    """
    s = layout.folding(Tensor, x, output_size, kernel_size, dilation, padding, stride)
    return _run(_Fold, x.reshape(s.columns), s).reshape(s.output)


def convolve1d(x: Tensor, weight: Tensor, mode: str = "full") -> Tensor:
    """Convolve two signals as mathematicians do: the twin of `reference.convolve1d`.

    Args:
        x: (L,).
        weight: (kW,).
        mode: "full", "same" or "valid", as scipy.signal.convolve has them.
    """
    kept = layout.crop(Tensor, 1, x, weight, mode)
    full = conv1d(x[None], weight.flip(0)[None, None], padding=len(weight) - 1)
    return full[0][kept]


def convolve2d(x: Tensor, weight: Tensor, mode: str = "full") -> Tensor:
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


def conv_matrix(
    weight: Tensor,
    input_size: Size,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
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


# --- three derivatives of one sum -----------------------------------------------------------------
#
#     E = sum over n, g, o, c, i, j, p, q of y[n, g, o, i, j] * weight[g, o, c, p, q]
#                                            * windows[n, g, c, i, j, p, q]
#
# E is linear in y, in x and in weight. Its derivative by y is the convolution, by x the transposed
# convolution, by weight the gradient of the weight; so the gradients of each of the three are the
# other two. Each keeps what it was given, which exists anyway, and no columns.


class _Form(torch.autograd.Function):
    """A function of two of y, x and weight, and of the layout s."""

    generate_vmap_rule = True

    @staticmethod
    def setup_context(ctx, inputs, output):
        *tensors, ctx.s = inputs
        ctx.save_for_backward(*tensors)


class _Convolution(_Form):
    """x (N, G, C, H, W) and weight (G, O, C, P, Q) give y (N, G, O, I, J)."""

    @staticmethod
    def forward(x, weight, s):
        if _channels_last(x):
            # A window's rows lie in memory whole: they are copied, and multiplied, as they lie.
            rows = weight.movedim(2, -1).flatten(2)
            return (_columns(x, s, "n g i pc") @ rows.mT).mT.reshape(s.y)
        return (weight.flatten(2) @ _columns(x, s, "n g cp i")).reshape(s.y)

    @staticmethod
    def backward(ctx, grad):
        x, weight = ctx.saved_tensors
        by_x, by_weight, _ = ctx.needs_input_grad
        grad_x = _run(_Transposed, grad, weight.conj(), ctx.s) if by_x else None
        grad_weight = _run(_WeightGradient, grad, x.conj(), ctx.s) if by_weight else None
        return grad_x, grad_weight, None


class _Transposed(_Form):
    """y (N, G, O, I, J) and weight (G, O, C, P, Q) give x (N, G, C, H, W)."""

    @staticmethod
    def forward(y, weight, s):
        kernels, channels, *taps = s.weight[1:]
        small = math.prod(taps) == 1 or math.prod(s.y) < 2**14
        if max(s.stride) == 1 and (kernels <= 2 * channels or small):
            # With stride 1 it is a convolution too: the kernel flipped, the channels exchanged.
            flipped = weight.flip(*range(3, weight.ndim)).transpose(1, 2)
            return _Convolution.forward(y, flipped, s.flipped)
        if _channels_last(y):
            columns = y.flatten(3).mT @ weight.movedim(2, -1).flatten(2)
            columns = columns.reshape(*s.y[:2], *s.y[3:], *s.weight[3:], channels)
            n = len(s.stride)
            taps_first = *range(2 + n, 2 + 2 * n), *range(2, 2 + n)
            return _add_taps(columns.permute(0, 1, -1, *taps_first), s)
        return _fold(weight.flatten(2).mT @ y.flatten(3), s)

    @staticmethod
    def backward(ctx, grad):
        y, weight = ctx.saved_tensors
        by_y, by_weight, _ = ctx.needs_input_grad
        grad_y = _run(_Convolution, grad, weight.conj(), ctx.s) if by_y else None
        grad_weight = _run(_WeightGradient, y.conj(), grad, ctx.s) if by_weight else None
        return grad_y, grad_weight, None


class _WeightGradient(_Form):
    """y (N, G, O, I, J) and x (N, G, C, H, W) give weight (G, O, C, P, Q)."""

    @staticmethod
    def forward(y, x, s):
        # The sum runs over the batch too: with all its windows in one matrix, that is one product.
        y = y.movedim(0, 2).flatten(2)
        if _channels_last(x):
            last = (*s.weight[:2], *s.weight[3:], s.weight[2])
            return (y @ _columns(x, s, "g ni pc")).reshape(last).movedim(-1, 2)
        return (y @ _columns(x, s, "g cp ni").mT).reshape(s.weight)

    @staticmethod
    def backward(ctx, grad):
        y, x = ctx.saved_tensors
        by_y, by_x, _ = ctx.needs_input_grad
        grad_y = _run(_Convolution, x.conj(), grad, ctx.s) if by_y else None
        grad_x = _run(_Transposed, y.conj(), grad, ctx.s) if by_x else None
        return grad_y, grad_x, None


class _Unfold(torch.autograd.Function):
    """x (N, G, C, H, W) gives its columns; the gradient folds them."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, s):
        columns = _columns(x, s, "n g cp i")
        # Of windows of one pixel the columns are x itself, as it lies: the caller's are a copy.
        return columns.clone(memory_format=torch.contiguous_format)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.s = inputs[1]

    @staticmethod
    def backward(ctx, grad):
        return _run(_Fold, grad, ctx.s), None


class _Fold(torch.autograd.Function):
    """Columns (N, G, C * P * Q, I * J) give x; the gradient is unfolded."""

    generate_vmap_rule = True

    @staticmethod
    def forward(columns, s):
        return _fold(columns, s)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.s = inputs[1]

    @staticmethod
    def backward(ctx, grad):
        return _run(_Unfold, grad, ctx.s), None


def _run(function, *inputs):
    """Call a function; without autograd's book-keeping where no gradient is asked for.

    That takes longer than a small picture, and a backward pass need not be recorded.
    """
    return function.apply(*inputs) if torch.is_grad_enabled() else function.forward(*inputs)


def _columns(x, s, order):
    """Copy the windows of x (N, G, C, H, W) into a matrix; where they already lie so, view them.

    Args:
        order: the axes of the result, each a product of n, g, c, of all places i and all taps p:
            "n g cp i" gives (N, G, C * P * Q, I * J), a column for each window.
    """
    n, windows = len(s.stride), _windows(x, s)
    axes = {"n": [0], "g": [1], "c": [2], "i": range(3, 3 + n), "p": range(3 + n, 3 + 2 * n)}
    merged = [[axis for letter in word for axis in axes[letter]] for word in order.split()]
    sizes = [math.prod([windows.shape[axis] for axis in word]) for word in merged]
    return windows.permute(*itertools.chain(*merged)).reshape(sizes)


def _fold(columns, s):
    """Add columns (N, G, C * P * Q, I * J) to the pixels that they are copies of."""
    return _add_taps(columns.reshape(*s.x[:3], *s.weight[3:], *s.y[3:]), s)


def _add_taps(x, s):
    """Add what each window has for its taps, (N, G, C, P, Q, I, J), to the pixels: (N, G, C, H, W).

    First along the columns, (P, I) to H, then along the rows, (Q, J) to W: P + Q steps, not P * Q.
    """
    axis = 2 + len(s.stride)  # of the places, where the first tap's axis is gone
    for size, step, gap in zip(s.padded[3:], s.stride, s.dilation, strict=True):
        shares = x.unbind(3)
        before, (count, *after) = shares[0].shape[:axis], shares[0].shape[axis:]
        x = _zeros((*before, size, *after), like=shares[0])
        for tap, share in enumerate(shares):
            read = slice(gap * tap, gap * tap + step * (count - 1) + 1, step)
            x[(slice(None),) * axis + (read,)] += share
    return x[(..., *s.inside)].clone() if any(map(any, s.padding)) else x


def _windows(x, s):
    """View each window of x (N, G, C, H, W), padded: (N, G, C, I, J, P, Q)."""
    last, n = _channels_last(x), len(s.stride)
    # torch wants the last axis first, and every pair flat.
    padding = list(itertools.chain(*reversed(s.padding)))
    if any(padding) and last:
        x = F.pad(x.movedim(2, -1), [0, 0, *padding]).movedim(-1, 2)
    elif any(padding):  # F.pad copies, even by 0
        x = F.pad(x, padding)
    *others, (extent, step) = zip(s.extent, s.stride, strict=True)
    x = x.unfold(2 + n, extent, step)
    if 1 < step < extent and not last:
        # Every other pixel is slow to pick: they are picked once, and not by each row of a window.
        x = x.movedim(-1, 3).contiguous().movedim(3, -1)
    for axis, (extent, step) in enumerate(others, start=3):
        x = x.unfold(axis, extent, step)
    x = x.movedim(3 + n, -1)  # the last axis came first
    return x[(..., *(slice(None, None, step) for step in s.dilation))]


def _zeros(shape, like):
    """Zeros (N, G, C, ...), the channels lying as those of `like`."""
    if _channels_last(like):
        return like.new_zeros(*shape[:2], *shape[3:], shape[2]).movedim(-1, 2)
    return like.new_zeros(shape)


def _channels_last(x):
    """Whether each pixel's channels lie side by side in x (N, G, C, H, W)."""
    return x.stride(2) == 1 < x.shape[2] and not x.is_contiguous()


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
