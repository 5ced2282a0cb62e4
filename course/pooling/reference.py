"""Pooling in NumPy, to be read: forward, and where each gradient goes; a whole one-layer network.

The letters are the same all through, in the sums and in the code:

    n, c     the picture in the batch, its channel
    i, j     the place of the window, which is the place in the output
    p, q     the place within the window

    windows[n, c, i, j, p, q] = x[n, c, stride * i + dilation * p - padding,
                                        stride * j + dilation * q - padding]

An input without the batch axis, (C, H, W), gives an output without it. `s` is the `Layout` of the
call. A backward pass writes through the same windows that the forward pass read; where windows
overlap, gradients add up.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy import ndarray
from numpy.lib.stride_tricks import sliding_window_view

from course.arguments import Size, expect_shape, rank
from course.convolution import reference as convolution
from course.pooling import layout

# --- maximum -------------------------------------------------------------------------------------


def max_pool2d(
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> ndarray | tuple[ndarray, ndarray]:
    """Give the largest value of each window.

        y[n, c, i, j] = max over p, q of windows[n, c, i, j, p, q]

    The padding is minus infinity: it never wins.

    Args:
        x: (N, C, H, W) or (C, H, W), floats.
        kernel_size, stride, padding, dilation: an integer or a pair (vertical, horizontal);
            stride None is kernel_size.
        ceil_mode: also take a last window that hangs over the border.
        return_indices: give the winners' places too, i * W + j in the plane of x; the first
            maximum wins a tie.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out), or a pair of it and the indices.

    Raises:
        ValueError: an argument does not fit.
    """
    s = layout.pooling(ndarray, x, kernel_size, stride, padding, dilation, ceil_mode)
    if not return_indices:
        return np.array(_along_each_axis(np.maximum, x.reshape(s.x), s, -np.inf)).reshape(s.output)
    y, pixels = _winners(x.reshape(s.x), s)
    return y.reshape(s.output), pixels.reshape(s.output)


def max_pool2d_backward(
    grad_output: ndarray,
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> ndarray:
    """Send each gradient to the pixel that won its window.

        grad_windows[n, c, i, j, p, q] = grad_output[n, c, i, j] where (p, q) won, else 0

    A tie goes to the first maximum, as in torch.

    Args:
        grad_output: the shape of the output, dE/dy.
        x, kernel_size, stride, padding, dilation, ceil_mode: as in the forward pass.

    Returns:
        The shape of x, dE/dx.

    Source: Kustikova et al., "Convolutional neural networks. Deep residual networks".
    """
    s = layout.gradient(ndarray, grad_output, x, kernel_size, stride, padding, dilation, ceil_mode)
    _, winners = _winners(x.reshape(s.x), s)
    grad, number = grad_output.reshape(winners.shape), _numbers(s)
    grad_x = np.zeros(s.padded, grad.dtype)
    for pixels, tap in zip(_window_taps(grad_x, s), _window_taps(number, s), strict=True):
        pixels += grad * (tap == winners)
    return _cropped(grad_x, s).reshape(x.shape)


# --- averages ------------------------------------------------------------------------------------


def avg_pool2d(
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> ndarray:
    """Give the mean of each window.

        y[n, c, i, j] = sum over p, q of windows[n, c, i, j, p, q] / divisor[i, j]

    Args:
        x, kernel_size, stride, padding, ceil_mode: as for `max_pool2d`; the padding is 0.
        count_include_pad: the divisor counts the padding too; else only pixels of the picture.
            What ceil_mode adds beyond the padding never counts.
        divisor_override: a divisor for all windows.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).
    """
    s = layout.pooling(ndarray, x, kernel_size, stride, padding, 1, ceil_mode)
    total = _along_each_axis(np.add, x.reshape(s.x), s, 0)
    divisor = window_sizes(s, count_include_pad, divisor_override)
    return (total / divisor).reshape(s.output).astype(x.dtype)


def avg_pool2d_backward(
    grad_output: ndarray,
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> ndarray:
    """Share each gradient among the pixels of its window.

        grad_windows[n, c, i, j, p, q] = grad_output[n, c, i, j] / divisor[i, j]

    Args:
        grad_output: the shape of the output.
        x and the rest: as for `avg_pool2d`; only the shape of x matters.

    Returns:
        The shape of x.
    """
    s = layout.gradient(ndarray, grad_output, x, kernel_size, stride, padding, 1, ceil_mode)
    share = grad_output.reshape(*s.x[:2], *s.y) / window_sizes(
        s, count_include_pad, divisor_override
    )
    grad_windows = np.broadcast_to(share[..., None, None], (*share.shape, *s.kernel))
    return _add_windows(grad_windows, s).reshape(x.shape).astype(x.dtype)


def global_avg_pool2d(x: ndarray) -> ndarray:
    """Give the mean of each plane: (N, C, H, W) to (N, C, 1, 1)."""
    return avg_pool2d(x, x.shape[-2:])


def global_avg_pool2d_backward(grad_output: ndarray, x: ndarray) -> ndarray:
    """Share the gradient of each plane among all its pixels."""
    return avg_pool2d_backward(grad_output, x, x.shape[-2:])


def distance_weights(kernel_size: Size) -> ndarray:
    """Weights that fall with the distance from the middle of the window, and add up to 1.

        w[p, q] = 1 / (1 + distance of (p, q) from the middle), divided by the sum of all

    Returns:
        (kH, kW).

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 9.3, names a "weighted
    average based on the distance from the central pixel"; the weights are this course's choice.
    """
    kH, kW = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    p, q = np.mgrid[:kH, :kW]
    weights = 1 / (1 + np.hypot(p - (kH - 1) / 2, q - (kW - 1) / 2))
    return weights / weights.sum()


def weighted_avg_pool2d(
    x: ndarray, kernel_size: Size, stride: Size | None = None, padding: Size = 0
) -> ndarray:
    """Give a mean of each window in which the middle counts most.

    y[n, c, i, j] = sum over p, q of windows[n, c, i, j, p, q] * distance_weights[p, q]
    """
    s = layout.pooling(ndarray, x, kernel_size, stride, padding)
    windows = _windows(x.reshape(s.x), s, 0)
    weights = distance_weights(s.kernel).astype(x.dtype)
    return np.einsum("ncijpq,pq->ncij", windows, weights).reshape(s.output)


def weighted_avg_pool2d_backward(
    grad_output: ndarray,
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
) -> ndarray:
    """Share each gradient by the weights.

    grad_windows[n, c, i, j, p, q] = grad_output[n, c, i, j] * distance_weights[p, q]
    """
    s = layout.gradient(ndarray, grad_output, x, kernel_size, stride, padding)
    weights = distance_weights(s.kernel).astype(x.dtype)
    grad_windows = np.einsum("ncij,pq->ncijpq", grad_output.reshape(*s.x[:2], *s.y), weights)
    return _add_windows(grad_windows, s).reshape(x.shape)


# --- Lp ------------------------------------------------------------------------------------------


def lp_pool2d(
    x: ndarray,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> ndarray:
    """Give the Lp norm of each window: the sum of sizes for p = 1, near the maximum for large p.

        y[n, c, i, j] = (sum over p, q of |windows[n, c, i, j, p, q]| ** norm_type)
                        ** (1 / norm_type)

    torch.nn.functional.lp_pool2d leaves out the absolute value, so it differs for odd norm_type
    where x is negative; the norm here is ONNX's and the source's. With ceil_mode torch also scales
    the sum of a window that hangs over the border; a norm does not.

    Args:
        x: (N, C, H, W) or (C, H, W), floats.
        norm_type: at least 1.
        kernel_size, stride, ceil_mode: as for `max_pool2d`.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).
    """
    s = layout.pooling(ndarray, x, kernel_size, stride, ceil_mode=ceil_mode)
    return _norm(_windows(x.reshape(s.x), s, 0), layout.norm_type(norm_type)).reshape(s.output)


def lp_pool2d_backward(
    grad_output: ndarray,
    x: ndarray,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> ndarray:
    """Share each gradient by the size of the pixels, with the sign of each.

        grad_windows[..., p, q] = grad_output * sign(w) * (|w| / y) ** (norm_type - 1)

    with w = windows[..., p, q]. Where the norm y is 0, the gradient is 0: a subgradient, finite.

    The source leaves out the sign: whatever norm_type is, its slope is positive where it must be
    negative.

    Args:
        grad_output: the shape of the output.
        x and the rest: as for `lp_pool2d`.

    Returns:
        The shape of x.

    Source: Kustikova et al., "Convolutional neural networks. Deep residual networks", corrected.
    """
    s = layout.gradient(ndarray, grad_output, x, kernel_size, stride, 0, 1, ceil_mode)
    p, windows = layout.norm_type(norm_type), _windows(x.reshape(s.x), s, 0)
    y = _norm(windows, p)[..., None, None]
    # |w| / y is at most 1: its powers do not overflow, however large p is.
    ratio = np.divide(np.abs(windows), y, out=np.zeros_like(windows), where=y > 0)
    slope = np.sign(windows) * ratio ** (p - 1)
    return _add_windows(grad_output.reshape(y.shape) * slope, s).reshape(x.shape)


def _norm(windows, p):
    """The Lp norm over the last two axes, by way of the maximum, so that no power overflows."""
    size = np.abs(windows)
    largest = size.max(axis=(4, 5), keepdims=True)
    ratio = np.divide(size, largest, out=np.zeros_like(size), where=largest > 0)
    return largest[..., 0, 0] * (ratio**p).sum(axis=(4, 5)) ** (1 / p)


# --- one dimension -------------------------------------------------------------------------------


def max_pool1d(
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> ndarray | tuple[ndarray, ndarray]:
    """`max_pool2d` of a signal: (N, C, L) or (C, L); also the indices where asked for."""
    k, step, pad, d = layout.row(ndarray, x, kernel_size, stride, padding, dilation)
    y, indices = max_pool2d(x[..., None, :], k, step, pad, d, ceil_mode, True)
    y, indices = y[..., 0, :], indices[..., 0, :]
    return (y, indices) if return_indices else y


def avg_pool1d(
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> ndarray:
    """`avg_pool2d` of a signal: (N, C, L) or (C, L)."""
    k, step, pad, _ = layout.row(ndarray, x, kernel_size, stride, padding)
    return avg_pool2d(x[..., None, :], k, step, pad, ceil_mode, count_include_pad)[..., 0, :]


def lp_pool1d(
    x: ndarray,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> ndarray:
    """`lp_pool2d` of a signal: (N, C, L) or (C, L)."""
    k, step, *_ = layout.row(ndarray, x, kernel_size, stride)
    return lp_pool2d(x[..., None, :], norm_type, k, step, ceil_mode)[..., 0, :]


def max_pool1d_backward(
    grad_output: ndarray,
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> ndarray:
    """`max_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, pad, d = layout.row(ndarray, x, kernel_size, stride, padding, dilation)
    grad = max_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], k, step, pad, d, ceil_mode
    )
    return grad[..., 0, :]


def avg_pool1d_backward(
    grad_output: ndarray,
    x: ndarray,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> ndarray:
    """`avg_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, pad, _ = layout.row(ndarray, x, kernel_size, stride, padding)
    grad = avg_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], k, step, pad, ceil_mode, count_include_pad
    )
    return grad[..., 0, :]


def lp_pool1d_backward(
    grad_output: ndarray,
    x: ndarray,
    norm_type: float,
    kernel_size: Size,
    stride: Size | None = None,
    ceil_mode: bool = False,
) -> ndarray:
    """`lp_pool2d_backward` of a signal: grad_output (N, C, L_out), x (N, C, L)."""
    k, step, *_ = layout.row(ndarray, x, kernel_size, stride)
    grad = lp_pool2d_backward(
        grad_output[..., None, :], x[..., None, :], norm_type, k, step, ceil_mode
    )
    return grad[..., 0, :]


# --- a network of one layer ----------------------------------------------------------------------


def one_layer_forward(
    x: ndarray, weight: ndarray, target: ndarray, kernel_size: Size, stride: Size | None = None
) -> tuple[ndarray, ndarray, ndarray, float]:
    """Run the source's network: convolution, activation, maximum pooling, squared error.

        u[i] = sum over k of x[i + k] * weight[k]
        v[i] = tanh(u[i])
        y[m] = max over window m of v
        E    = 1/2 * sum over m of (y[m] - target[m]) ** 2

    Args:
        x: (L,).
        weight: (K,).
        target: as long as y.
        kernel_size, stride: of the pooling.

    Returns:
        (u, v, y, E).

    Raises:
        ValueError: an argument does not fit.

    Source: Kustikova et al., "Convolutional neural networks. Deep residual networks".
    """
    rank("x", x, ["(L,)"], ndarray)
    rank("weight", weight, ["(K,)"], ndarray)
    u = convolution.conv1d(x[None], weight[None, None])[0]
    v = np.tanh(u)
    y = max_pool1d(v[None], kernel_size, stride)[0]
    expect_shape("target", target, y.shape, "one value for each output of the pooling")
    return u, v, y, 0.5 * np.sum((y - target) ** 2)


def one_layer_backward(
    x: ndarray, weight: ndarray, target: ndarray, kernel_size: Size, stride: Size | None = None
) -> tuple[ndarray, ndarray, ndarray, ndarray, ndarray]:
    """All partial derivatives of `one_layer_forward`, from the cost back to the input.

        dE/dy[m] = y[m] - target[m]
        dE/dv[i] = sum of dE/dy[m] over the windows m that i won
        delta[i] = dE/du[i] = dE/dv[i] * (1 - v[i] ** 2)
        dE/dweight[k] = sum over i of delta[i] * x[i + k]      a correlation
        dE/dx[j]      = sum over k of delta[j - k] * weight[k]   a full convolution

    Returns:
        (dE/dy, dE/dv, delta, dE/dweight, dE/dx).
    """
    u, v, y, _ = one_layer_forward(x, weight, target, kernel_size, stride)
    grad_y = y - target
    grad_v = max_pool1d_backward(grad_y[None], v[None], kernel_size, stride)[0]
    delta = grad_v * (1 - np.tanh(u) ** 2)
    grad_weight = np.correlate(x, delta, mode="valid")
    grad_x = np.convolve(delta, weight)
    return grad_y, grad_v, delta, grad_weight, grad_x


# --- windows -------------------------------------------------------------------------------------


def _along_each_axis(function, x, s, fill):
    """The maximum or the sum of each window: first of its rows, then of what those gave.

    So a window takes P + Q steps instead of P * Q, each over the whole batch.
    """
    y = _padded(x, s, fill)
    for axis in (3, 2):
        y = functools.reduce(function, _taps(y, axis, s))
    return y


def _winners(x, s):
    """The largest value of each window, and which pixel it is, i * W + j."""
    y, pixels = _padded(x, s, -np.inf), _numbers(s)
    # Along the rows first: of equals, the first in reading order wins.
    for axis in (3, 2):
        (y, pixels), *rest = zip(_taps(y, axis, s), _taps(pixels, axis, s), strict=True)
        for value, pixel in rest:
            pixels = np.where(value > y, pixel, pixels)
            y = np.maximum(value, y)
    return np.array(y), np.array(np.broadcast_to(pixels, y.shape))


def _numbers(s):
    """The number i * W + j of each pixel, (1, 1, ..., ...); the padding has those of its edge."""
    H, W = s.x[2:]
    sides = [(p, p + end) for p, end in zip(s.padding, s.ends, strict=True)]
    return np.pad(np.arange(H * W).reshape(1, 1, H, W), [(0, 0), (0, 0), *sides], mode="edge")


def _padded(x, s, fill):
    """x (N, C, H, W) with its padding, and what the last windows need beyond it."""
    sides = [(0, 0), (0, 0), *((p, p + end) for p, end in zip(s.padding, s.ends, strict=True))]
    return np.pad(x, sides, constant_values=fill) if np.any(sides) else x


def _cropped(x, s):
    """x without what `_padded` adds."""
    (pH, pW), (H, W) = s.padding, s.x[2:]
    return x[:, :, pH : pH + H, pW : pW + W]


def _taps(x, axis, s):
    """For each place in a window along axis 2 or 3: the pixels there, one for each window."""
    kernel, step, dilation, count = (
        pair[axis - 2] for pair in (s.kernel, s.stride, s.dilation, s.y)
    )
    for start in range(0, kernel * dilation, dilation):
        read = slice(start, start + step * (count - 1) + 1, step)
        yield x[:, :, read] if axis == 2 else x[..., read]


def _window_taps(x, s):
    """For each place (p, q) in a window of x, which is padded: the pixels there, (N, C, I, J)."""
    for rows in _taps(x, 2, s):
        yield from _taps(rows, 3, s)


def _windows(x, s, fill):
    """View each window of x (N, C, H, W), padded with `fill`: (N, C, I, J, P, Q)."""
    every = sliding_window_view(_padded(x, s, fill), s.extent, axis=(2, 3))
    (sH, sW), (dH, dW), (I, J) = s.stride, s.dilation, s.y  # noqa: E741
    return every[:, :, ::sH, ::sW, ::dH, ::dW][:, :, :I, :J]


def _add_windows(windows, s):
    """Add windows (N, C, I, J, P, Q) to where `_windows` reads them: (N, C, H, W)."""
    x = np.zeros(s.padded, windows.dtype)
    for place, pixels in zip(np.ndindex(*s.kernel), _window_taps(x, s), strict=True):
        pixels += windows[(..., *place)]
    return _cropped(x, s)


def window_sizes(
    s: layout.Layout, count_include_pad: bool, divisor_override: int | None
) -> ndarray:
    """What an average divides the sum of each window by: (I, J), for the layout `s`."""
    if divisor_override is not None:
        return np.full(s.y, layout.divisor(divisor_override))
    if count_include_pad:
        sizes = (n + 2 * p for n, p in zip(s.x[2:], s.padding, strict=True))
        s = s._replace(x=(1, 1, *sizes), padding=(0, 0))
    return _windows(np.ones((1, 1, *s.x[2:])), s, 0).sum(axis=(4, 5))[0, 0]
