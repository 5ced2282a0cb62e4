"""Convolution in NumPy, to be read: forward, backward, transposed, and as a matrix.

The letters are the same all through, in the sums and in the code:

    n        the picture in the batch
    g        the group of channels; with groups=1 there is one, and g can be read over
    c, o     the channel of the input, of the output, within the group
    i, j, k  the place of the window, which is the place in the output
    p, q, r  the tap within the window, which is the place in the kernel

Where a sum reads x outside the picture, x is 0: that is the padding. An input without the batch
axis, (C, H, W), gives an output without it. `s` is the `Layout` of the call: all shapes, checked.

The sum over c, p, q is a matrix product, which every processor does fastest of all: each window is
copied into a column once, and the kernels, as rows, multiply the columns.

    columns[n, g, (c, p, q), (i, j)] = windows[n, g, c, i, j, p, q]
    y[n, g, o, (i, j)]
        = sum over (c, p, q) of rows[g, o, (c, p, q)] * columns[n, g, (c, p, q), (i, j)]
"""

from __future__ import annotations

import itertools

import numpy as np
import scipy.sparse
from numpy import ndarray
from numpy.lib.stride_tricks import as_strided

from course.arguments import Size
from course.convolution import layout


def conv1d(
    x: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> ndarray:
    """Slide kernels along a signal: what a one-dimensional convolutional layer computes.

        windows[n, g, c, i, p] = x[n, g, c, stride * i + dilation * p - padding]
        y[n, g, o, i] = bias[g, o] + sum over c, p of windows[n, g, c, i, p] * weight[g, o, c, p]

    Args:
        x: (N, C_in, L) or (C_in, L).
        weight: (C_out, C_in / groups, kW).
        bias: (C_out,) or None.
        stride, dilation: an integer or a tuple of one.
        padding: an integer, a tuple of one, "valid" (none) or "same" (as long as x; stride 1).
        groups: divides C_in and C_out; a group of outputs sees its own group of inputs alone.

    Returns:
        (N, C_out, L_out) or (C_out, L_out).

    Raises:
        ValueError: an argument does not fit; dtypes differ.
    """
    s = layout.convolution(ndarray, 1, x, weight, bias, stride, padding, dilation, groups)
    rows, columns = weight.reshape(s.rows), _columns(x.reshape(s.x), s)
    y = (rows @ columns).reshape(s.output)
    return y if bias is None else y + bias[:, None]


def conv2d(
    x: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> ndarray:
    """Slide kernels over a picture: what a convolutional layer computes.

        windows[n, g, c, i, j, p, q] = x[n, g, c, stride * i + dilation * p - padding,
                                                  stride * j + dilation * q - padding]
        y[n, g, o, i, j] = bias[g, o]
            + sum over c, p, q of windows[n, g, c, i, j, p, q] * weight[g, o, c, p, q]

    The kernel is not flipped: a mathematician calls this cross-correlation.

    Args:
        x: (N, C_in, H, W) or (C_in, H, W).
        weight: (C_out, C_in / groups, kH, kW).
        bias: (C_out,) or None.
        stride, dilation: an integer or a pair (vertical, horizontal).
        padding: an integer, a pair, "valid" (none) or "same" (as large as x; stride 1).
        groups: divides C_in and C_out; a group of outputs sees its own group of inputs alone.

    Returns:
        (N, C_out, H_out, W_out) or (C_out, H_out, W_out), where
        H_out = floor((H + 2 * padding - dilation * (kH - 1) - 1) / stride) + 1.

    Raises:
        ValueError: an argument does not fit; dtypes differ.

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), equation 9.6.
    """
    s = layout.convolution(ndarray, 2, x, weight, bias, stride, padding, dilation, groups)
    rows, columns = weight.reshape(s.rows), _columns(x.reshape(s.x), s)
    y = (rows @ columns).reshape(s.output)
    return y if bias is None else y + bias[:, None, None]


def conv2d_loops(
    x: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> ndarray:
    """Do what `conv2d` does, one product at a time: the definition. Slow; for reading.

        y[n, o, i, j] = bias[o]
            + sum over c, p, q of x[n, group + c, row, column] * weight[o, c, p, q]

    with row = stride * i + dilation * p - padding, column = stride * j + dilation * q - padding,
    and `group` the first channel of o's group.
    """
    s = layout.convolution(ndarray, 2, x, weight, bias, stride, padding, dilation, groups)
    n_batch, _, channels, height, width = s.x
    _, kernels, _, kernel_h, kernel_w = s.weight
    out_h, out_w = s.y[3:]
    x = x.reshape(n_batch, groups * channels, height, width)
    y = np.zeros((n_batch, groups * kernels, out_h, out_w), x.dtype)
    for n in range(n_batch):
        for o in range(groups * kernels):
            group = o // kernels * channels
            for i in range(out_h):
                for j in range(out_w):
                    y[n, o, i, j] = 0 if bias is None else bias[o]
                    for c in range(channels):
                        for p in range(kernel_h):
                            for q in range(kernel_w):
                                row = s.stride[0] * i + s.dilation[0] * p - s.padding[0][0]
                                column = s.stride[1] * j + s.dilation[1] * q - s.padding[1][0]
                                if 0 <= row < height and 0 <= column < width:
                                    pixel = x[n, group + c, row, column]
                                    y[n, o, i, j] += pixel * weight[o, c, p, q]
    return y.reshape(s.output)


def conv3d(
    x: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> ndarray:
    """Slide kernels through a volume or a film.

        windows[n, g, c, i, j, k, p, q, r] = x[n, g, c, stride * i + dilation * p - padding,
                                                        stride * j + dilation * q - padding,
                                                        stride * k + dilation * r - padding]
        y[n, g, o, i, j, k] = bias[g, o]
            + sum over c, p, q, r of windows[n, g, c, i, j, k, p, q, r] * weight[g, o, c, p, q, r]

    Args:
        x: (N, C_in, D, H, W) or (C_in, D, H, W).
        weight: (C_out, C_in / groups, kD, kH, kW).
        bias, stride, padding, dilation, groups: as for `conv2d`, with triples for pairs.

    Returns:
        (N, C_out, D_out, H_out, W_out) or (C_out, D_out, H_out, W_out).

    Raises:
        ValueError: an argument does not fit; dtypes differ.
    """
    s = layout.convolution(ndarray, 3, x, weight, bias, stride, padding, dilation, groups)
    rows, columns = weight.reshape(s.rows), _columns(x.reshape(s.x), s)
    y = (rows @ columns).reshape(s.output)
    return y if bias is None else y + bias[:, None, None, None]


def conv1d_backward(
    grad_output: ndarray,
    x: ndarray,
    weight: ndarray,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> tuple[ndarray, ndarray, ndarray]:
    """Give the gradients of `conv1d`.

        grad_windows[n, g, c, i, p] = sum over o of grad_output[n, g, o, i] * weight[g, o, c, p]
        grad_weight[g, o, c, p] = sum over n, i of grad_output[n, g, o, i] * windows[n, g, c, i, p]
        grad_bias[g, o] = sum over n, i of grad_output[n, g, o, i]

    grad_x at a place is the sum of grad_windows over all windows and taps that read this place.

    Args:
        grad_output: dE/dy, the shape of `conv1d`'s output.
        x, weight, stride, padding, dilation, groups: as in the forward pass; floating-point.

    Returns:
        (grad_x, grad_weight, grad_bias), the shapes of x, of weight, and (C_out,).

    Raises:
        ValueError: an argument does not fit; dtypes differ.
    """
    s = layout.backward(ndarray, 1, grad_output, x, weight, stride, padding, dilation, groups)
    grad = grad_output.reshape(s.columns_of_y)
    grad_x = _add_columns(weight.reshape(s.rows).mT @ grad, s)
    # The other sums run over the batch too: with its windows side by side, that is one product.
    grad = grad.transpose(1, 2, 0, 3).reshape(*s.weight[:2], -1)
    grad_weight = grad @ _columns(x.reshape(s.x), s, side_by_side=True).mT
    grad_bias = grad.sum(axis=2)
    return grad_x.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(-1)


def conv2d_backward(
    grad_output: ndarray,
    x: ndarray,
    weight: ndarray,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> tuple[ndarray, ndarray, ndarray]:
    """Give the gradients of `conv2d`.

        grad_windows[n, g, c, i, j, p, q]
            = sum over o of grad_output[n, g, o, i, j] * weight[g, o, c, p, q]
        grad_weight[g, o, c, p, q]
            = sum over n, i, j of grad_output[n, g, o, i, j] * windows[n, g, c, i, j, p, q]
        grad_bias[g, o] = sum over n, i, j of grad_output[n, g, o, i, j]

    grad_x at a place is the sum of grad_windows over all windows and taps that read this place.

    Args:
        grad_output: dE/dy, the shape of `conv2d`'s output.
        x, weight, stride, padding, dilation, groups: as in the forward pass; floating-point.

    Returns:
        (grad_x, grad_weight, grad_bias), the shapes of x, of weight, and (C_out,).

    Raises:
        ValueError: an argument does not fit; dtypes differ.
    """
    s = layout.backward(ndarray, 2, grad_output, x, weight, stride, padding, dilation, groups)
    grad = grad_output.reshape(s.columns_of_y)
    grad_x = _add_columns(weight.reshape(s.rows).mT @ grad, s)
    # The other sums run over the batch too: with its windows side by side, that is one product.
    grad = grad.transpose(1, 2, 0, 3).reshape(*s.weight[:2], -1)
    grad_weight = grad @ _columns(x.reshape(s.x), s, side_by_side=True).mT
    grad_bias = grad.sum(axis=2)
    return grad_x.reshape(x.shape), grad_weight.reshape(weight.shape), grad_bias.reshape(-1)


def conv_transpose2d(
    x: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> ndarray:
    """Let every input pixel paint the kernel, `stride` apart: the transpose of `conv2d`.

        windows[n, g, o, i, j, p, q] = sum over c of x[n, g, c, i, j] * weight[g, c, o, p, q]

    y at a place is bias[g, o] plus the sum of windows over all i, j, p, q with
    stride * i + dilation * p - padding and stride * j + dilation * q - padding at this place.

    Args:
        x: (N, C_in, H, W) or (C_in, H, W).
        weight: (C_in, C_out / groups, kH, kW); the channels stand the other way round.
        bias: (C_out,) or None.
        stride, dilation: an integer or a pair.
        padding: an integer or a pair: how much is cut off each side of the result.
        output_padding: an integer or a pair, less than stride or dilation: rows and columns more
            at the end, since several input sizes of `conv2d` give the same output size.
        groups: divides C_in and C_out.

    Returns:
        (N, C_out, H_out, W_out) or (C_out, H_out, W_out), where H_out
        = (H - 1) * stride - 2 * padding + dilation * (kH - 1) + output_padding + 1.

    Raises:
        ValueError: an argument does not fit; dtypes differ.

    Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning" (2016).
    """
    s = layout.transposed(
        ndarray, 2, x, weight, bias, stride, padding, output_padding, groups, dilation
    )
    rows, pixels = weight.reshape(s.rows), x.reshape(s.columns_of_y)
    y = _add_columns(rows.mT @ pixels, s).reshape(s.output)
    return y if bias is None else y + bias[:, None, None]


def unfold(
    x: ndarray, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1
) -> ndarray:
    """Write each window of a picture as a column (im2col).

        y[n, (c, p, q), (i, j)] = windows[n, c, i, j, p, q]

    with (c, p, q) counted as one index, q fastest, and so (i, j). A convolution is then a product
    of matrices: weight.reshape(C_out, -1) @ y.

    Args:
        x: (N, C, H, W) or (C, H, W), floating-point.
        kernel_size, dilation, padding, stride: an integer or a pair.

    Returns:
        (N, C * kH * kW, L) or (C * kH * kW, L), where L is the number of windows.

    Raises:
        ValueError: an argument does not fit.
    """
    s = layout.unfolding(ndarray, x, kernel_size, dilation, padding, stride)
    # A copy: of windows of one pixel the columns are x itself.
    return _columns(x.reshape(s.x), s).reshape(s.output).copy()


def fold(
    x: ndarray,
    output_size: Size,
    kernel_size: Size,
    dilation: Size = 1,
    padding: Size = 0,
    stride: Size = 1,
) -> ndarray:
    """Add columns back to where `unfold` read them (col2im): its transpose, not its inverse.

    A pixel that k windows read comes back k times as large.

    Args:
        x: (N, C * kH * kW, L) or (C * kH * kW, L), floating-point.
        output_size: (H, W) of the picture.
        kernel_size, dilation, padding, stride: an integer or a pair.

    Returns:
        (N, C, H, W) or (C, H, W).

    Raises:
        ValueError: an argument does not fit; L is not the number of windows.
    """
    s = layout.folding(ndarray, x, output_size, kernel_size, dilation, padding, stride)
    return _add_columns(x.reshape(s.columns), s).reshape(s.output)


def convolve1d(x: ndarray, weight: ndarray, mode: str = "full") -> ndarray:
    """Convolve two signals as mathematicians do: `conv1d` with the kernel flipped.

        y[t] = sum over a of x[a] * weight[t - a]

    Args:
        x: (L,).
        weight: (kW,).
        mode: "full", L + kW - 1 values; "same", the L in the middle of them; "valid", those that
            need no zero from outside.

    Returns:
        One axis; its length as `mode` says.

    Raises:
        ValueError: an argument does not fit; dtypes differ.
    """
    kept = layout.crop(ndarray, 1, x, weight, mode)
    full = conv1d(x[None], weight[None, None, ::-1], padding=len(weight) - 1)
    return full[0][kept]


def convolve2d(x: ndarray, weight: ndarray, mode: str = "full") -> ndarray:
    """Convolve two pictures as mathematicians do: `conv2d` with the kernel flipped both ways.

        y[i, j] = sum over a, b of x[a, b] * weight[i - a, j - b]

    Args:
        x: (H, W).
        weight: (kH, kW).
        mode: "full", "same" or "valid", as for `convolve1d`.

    Returns:
        Two axes; their lengths as `mode` says.

    Raises:
        ValueError: an argument does not fit; dtypes differ.
    """
    kept = layout.crop(ndarray, 2, x, weight, mode)
    padding = weight.shape[0] - 1, weight.shape[1] - 1
    full = conv2d(x[None], weight[None, None, ::-1, ::-1], padding=padding)
    return full[0][kept]


def conv_matrix(
    weight: ndarray,
    input_size: Size,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> scipy.sparse.csr_array:
    """Write a convolution of one, two or three dimensions as a sparse matrix A.

        A @ x.ravel() == conv2d(x, weight, ...).ravel()     for x of shape (C_in, H, W)
        A.T @ grad_output.ravel() == grad_x.ravel()

    Row (g, o, i, j) holds weight[g, o, c, p, q] in the column of the pixel that windows[g, c, i, j,
    p, q] reads; taps on the padding have no column.

    Args:
        weight: (C_out, C_in / groups, kH, kW), or with one or three sizes of the kernel.
        input_size: (H, W), or as many sizes as the kernel has.
        stride, padding, dilation, groups: as for `conv2d`.

    Returns:
        scipy.sparse.csr_array, (C_out * H_out * W_out, C_in * H * W), of weight's dtype.

    Raises:
        ValueError: an argument does not fit.
    """
    s = layout.matrix(ndarray, weight, input_size, stride, padding, dilation, groups)
    n = len(s.stride)
    g, o, c, *kernel_size = s.weight
    rows, columns = np.prod(s.y), np.prod(s.x)
    # Pixels are counted from 1, so that the padding is 0.
    pixel = _windows(_padded(1 + np.arange(columns).reshape(s.x), s), s).reshape(
        g, 1, c, *s.y[3:], *kernel_size
    )
    row = np.arange(rows).reshape(g, o, 1, *s.y[3:], *[1] * n)
    value = weight.reshape(g, o, c, *[1] * n, *kernel_size)
    row, pixel, value = np.broadcast_arrays(row, pixel, value)
    inside = pixel > 0
    entries = value[inside], (row[inside], pixel[inside] - 1)
    return scipy.sparse.csr_array(entries, shape=(rows, columns))


def _padded(x, s):
    """Put x (N, G, C, H, W) among the zeros of its padding; x itself where there is none."""
    if s.padded == s.x:
        return x
    padded = np.zeros(s.padded, x.dtype)  # np.pad takes longer than a small picture's products
    padded[..., *s.inside] = x
    return padded


def _windows(padded, s):
    """View each window of a padded x: (N, G, C, I, J, P, Q), no copy.

    The next window is `stride` pixels further on in memory, the next tap `dilation` pixels.
    """
    pixels = padded.strides[3:]
    windows = [step * pixel for step, pixel in zip(s.stride, pixels, strict=True)]
    taps = [step * pixel for step, pixel in zip(s.dilation, pixels, strict=True)]
    shape = (*s.x[:3], *s.y[3:], *s.weight[3:])
    return as_strided(padded, shape, (*padded.strides[:3], *windows, *taps))


def _columns(x, s, side_by_side=False):
    """Copy each window of x (N, G, C, H, W) into a column: (N, G, C * P * Q, I * J).

    Side by side, the columns of the whole batch are one matrix, (G, C * P * Q, N * I * J).
    """
    n = len(s.stride)
    places, taps = range(3, 3 + n), range(3 + n, 3 + 2 * n)
    windows = _windows(_padded(x, s), s)
    if side_by_side:
        _, groups, rows, _ = s.columns
        return windows.transpose(1, 2, *taps, 0, *places).reshape(groups, rows, -1)
    return windows.transpose(0, 1, 2, *taps, *places).reshape(s.columns)


def _add_columns(columns, s):
    """Add columns (N, G, C * P * Q, I * J) to where `_columns` reads them: (N, G, C, H, W)."""
    n = len(s.stride)
    first, then = range(3, 3 + n), range(3 + n, 3 + 2 * n)
    columns = columns.reshape(*s.x[:3], *s.weight[3:], *s.y[3:])
    padded = np.zeros(s.padded, columns.dtype)
    # One tap at a time: windows overlap, but one tap reads another pixel in each of them.
    pixels = _windows(padded, s).transpose(*then, 0, 1, 2, *first)
    shares = columns.transpose(*first, 0, 1, 2, *then)
    for tap in itertools.product(*map(range, s.weight[3:])):
        pixels[tap] += shares[tap]
    return padded[..., *s.inside]
