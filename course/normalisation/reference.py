"""Normalisation in NumPy: batch, group, layer and instance norm are one function over other axes.

The letters are the same all through, in the sums and in the code:

    x, y      input and output
    m         how many numbers share one mean
    xh        the normalised input, "x-hat"
    g         dE/dy, the gradient that comes in

Every input is (N, C, ...) with any number of further axes: (N, C) is torch's BatchNorm1d after a
linear layer, (N, C, L) after a 1-D convolution, (N, C, H, W) BatchNorm2d, (N, C, D, H, W)
BatchNorm3d.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from course.arguments import expect_shape, numeric, same_dtype
from course.normalisation import layout

# --- the one function ----------------------------------------------------------------------------


def normalise(x: ndarray, axes: tuple[int, ...], eps: float) -> tuple[ndarray, ndarray]:
    """Give numbers mean 0 and variance 1 (nearly: eps) over some axes.

        mu = (1/m) sum of x
        s2 = (1/m) sum of (x - mu)^2
        xh = (x - mu) / sqrt(s2 + eps)

    Args:
        x: any shape.
        axes: that share one mean and one variance; m is the product of their sizes.
        eps: keeps the quotient finite where all numbers are equal.

    Returns:
        (xh, sqrt(s2 + eps)), the second with size 1 along `axes`.
    """
    mu = x.mean(axis=axes, keepdims=True)
    s = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    return (x - mu) / s, s


def normalise_backward(g: ndarray, xh: ndarray, s: ndarray, axes: tuple[int, ...]) -> ndarray:
    """Give the gradient of `normalise` by x: what is left of g when two parts are taken out.

        g_x = (g - mean(g) - xh * mean(g * xh)) / s

    The mean is taken out because moving all x together changes nothing; the part along xh because
    stretching them changes nothing.

    Args:
        g: dE/dxh, the shape of xh.
        xh, s: as `normalise` gave them.
        axes: as in the forward pass.

    Returns:
        The shape of xh.
    """
    along = (g * xh).mean(axis=axes, keepdims=True)
    return (g - g.mean(axis=axes, keepdims=True) - xh * along) / s


# --- over the batch ------------------------------------------------------------------------------


def batch_norm(
    input: ndarray,
    running_mean: ndarray | None,
    running_var: ndarray | None,
    weight: ndarray | None = None,
    bias: ndarray | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> ndarray:
    """Normalise each channel, over the batch and all places, as torch.nn.functional.batch_norm.

        y[n, c, ...] = weight[c] * (x[n, c, ...] - mu[c]) / sqrt(s2[c] + eps) + bias[c]

    In training, mu and s2 are those of the batch, s2 divided by m, and the running ones follow:

        running_mean = (1 - momentum) * running_mean + momentum * mu
        running_var  = (1 - momentum) * running_var  + momentum * s2 * m / (m - 1)

    (the unbiased variance). Otherwise mu and s2 are the running ones, and stay.

    Args:
        input: (N, C, ...), floats.
        running_mean, running_var: (C,); **changed in place** in training; None keeps none.
        weight, bias: (C,), "gamma" and "beta"; None is 1 and 0.
        training: whether the batch's own statistics are used.
        momentum: how much of the running statistics each batch replaces.
        eps: added to the variance.

    Returns:
        The shape of input.

    Raises:
        ValueError: shapes or dtypes do not fit; training with one number for each channel; no
            running statistics to use.

    Source: Ioffe and Szegedy, "Batch normalization" (2015), algorithms 1 and 2.
    """
    layout.check(
        input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    axes = layout.all_but_channels(input)
    if not training:
        layout.check_running(running_mean, running_var)
        s = np.sqrt(layout.along_channels(running_var, input) + eps)
        xh = (input - layout.along_channels(running_mean, input)) / s
    else:
        m = layout.check_batch(input)
        xh, _ = normalise(input, axes, eps)
        if running_mean is not None:
            running_mean += momentum * (input.mean(axis=axes) - running_mean)
        if running_var is not None:
            running_var += momentum * (input.var(axis=axes) * m / (m - 1) - running_var)
    return layout.scale_and_shift(xh, weight, bias)


def batch_norm_backward(
    grad_output: ndarray,
    input: ndarray,
    running_mean: ndarray | None = None,
    running_var: ndarray | None = None,
    weight: ndarray | None = None,
    training: bool = True,
    eps: float = 1e-5,
) -> tuple[ndarray, ndarray, ndarray]:
    """Give the gradients of `batch_norm`.

        grad_bias[c]   = sum of g
        grad_weight[c] = sum of g * xh
        grad_input     = weight[c] / s * (g - mean(g) - xh * mean(g * xh))     in training
        grad_input     = weight[c] / s * g                                     otherwise

    all sums and means over N and the places of channel c. In training each channel of grad_input
    sums to 0 and is orthogonal to xh, up to eps.

    Args:
        grad_output: dE/dy, the shape of input.
        input, running_mean, running_var, weight, training, eps: as in the forward pass.

    Returns:
        (grad_input, grad_weight, grad_bias).
    """
    layout.check(input, running_mean=running_mean, running_var=running_var, weight=weight)
    expect_shape("grad_output", grad_output, input.shape, "that of the output")
    axes = layout.all_but_channels(input)
    g = layout.scale_and_shift(grad_output, weight, None)
    if training:
        layout.check_batch(input)
        xh, s = normalise(input, axes, eps)
        grad_input = normalise_backward(g, xh, s, axes)
    else:
        layout.check_running(running_mean, running_var)
        s = np.sqrt(layout.along_channels(running_var, input) + eps)
        xh = (input - layout.along_channels(running_mean, input)) / s
        grad_input = g / s
    return grad_input, (grad_output * xh).sum(axis=axes), grad_output.sum(axis=axes)


def fuse_conv_bn_weights(
    conv_w: ndarray,
    conv_b: ndarray | None,
    bn_rm: ndarray,
    bn_rv: ndarray,
    bn_eps: float,
    bn_w: ndarray | None,
    bn_b: ndarray | None,
) -> tuple[ndarray, ndarray]:
    """Fold a batch norm in eval mode into the convolution before it.

        a[o]      = bn_w[o] / sqrt(bn_rv[o] + eps)
        weight[o] = a[o] * conv_w[o]
        bias[o]   = a[o] * (conv_b[o] - bn_rm[o]) + bn_b[o]

    Args:
        conv_w: (O, C, ...), the kernels.
        conv_b: (O,), or None for 0.
        bn_rm, bn_rv: (O,), running mean and variance.
        bn_eps: added to the variance.
        bn_w, bn_b: (O,), "gamma" and "beta"; None is 1 and 0.

    Returns:
        (weight, bias) of the one convolution that does the work of both.

    Source: names and arguments of torch.nn.utils.fusion.fuse_conv_bn_weights.
    """
    for name, array in {
        "conv_b": conv_b,
        "bn_rm": bn_rm,
        "bn_rv": bn_rv,
        "bn_w": bn_w,
        "bn_b": bn_b,
    }.items():
        if array is not None:
            expect_shape(name, array, conv_w.shape[:1], "one number for each kernel")
    a = (1 if bn_w is None else bn_w) / np.sqrt(bn_rv + bn_eps)
    bias = a * ((0 if conv_b is None else conv_b) - bn_rm) + (0 if bn_b is None else bn_b)
    return conv_w * a.reshape(-1, *[1] * (conv_w.ndim - 1)), bias


# --- within each example -------------------------------------------------------------------------


def group_norm(
    input: ndarray,
    num_groups: int,
    weight: ndarray | None = None,
    bias: ndarray | None = None,
    eps: float = 1e-5,
) -> ndarray:
    """Normalise each example by itself, in groups of channels.

    One mean and variance for each example and group: m = C / num_groups * H * W. Nothing depends
    on the batch, so there is no second mode.

    Args:
        input: (N, C, ...), floats.
        num_groups: divides C. 1 makes one group of all; C makes instance norm.
        weight, bias: (C,); None is 1 and 0.
        eps: added to the variance.

    Returns:
        The shape of input.

    Source: Wu and He, "Group normalization" (2018).
    """
    layout.check(input, weight=weight, bias=bias)
    xh, _ = normalise(layout.grouped(input, num_groups), (2,), eps)
    return layout.scale_and_shift(xh.reshape(input.shape), weight, bias)


def group_norm_backward(
    grad_output: ndarray,
    input: ndarray,
    num_groups: int,
    weight: ndarray | None = None,
    eps: float = 1e-5,
) -> tuple[ndarray, ndarray, ndarray]:
    """Give the gradients of `group_norm`: the formula of batch norm, over other axes.

    Args:
        grad_output: dE/dy, the shape of input.
        input, num_groups, weight, eps: as in the forward pass.

    Returns:
        (grad_input, grad_weight, grad_bias).
    """
    layout.check(input, weight=weight)
    expect_shape("grad_output", grad_output, input.shape, "that of the output")
    xh, s = normalise(layout.grouped(input, num_groups), (2,), eps)
    g = layout.grouped(layout.scale_and_shift(grad_output, weight, None), num_groups)
    axes = layout.all_but_channels(input)
    return (
        normalise_backward(g, xh, s, (2,)).reshape(input.shape),
        (grad_output * xh.reshape(input.shape)).sum(axis=axes),
        grad_output.sum(axis=axes),
    )


def instance_norm(
    input: ndarray,
    *,
    weight: ndarray | None = None,
    bias: ndarray | None = None,
    eps: float = 1e-5,
) -> ndarray:
    """Normalise each channel of each example by itself: group norm with a group a channel.

    Args:
        input: (N, C, ...), floats.
        weight, bias: (C,); None is 1 and 0.
        eps: added to the variance.

    Returns:
        The shape of input.
    """
    layout.check(input, weight=weight, bias=bias)
    return group_norm(input, input.shape[1], weight, bias, eps)


def layer_norm(
    input: ndarray,
    normalized_shape: tuple[int, ...],
    weight: ndarray | None = None,
    bias: ndarray | None = None,
    eps: float = 1e-5,
) -> ndarray:
    """Normalise over the last axes: each example by itself, all its numbers together.

    Args:
        input: (..., *normalized_shape), floats.
        normalized_shape: the sizes of the last axes.
        weight, bias: normalized_shape, a number for each place, not for each channel; None is 1
            and 0.
        eps: added to the variance.

    Returns:
        The shape of input.

    Source: Ba, Kiros and Hinton, "Layer normalization" (2016).
    """
    sizes = tuple(normalized_shape)
    numeric("input", input, floating=True)
    if not sizes or input.shape[-len(sizes) :] != sizes:
        raise ValueError(f"normalized_shape must end the shape {input.shape}, got {sizes}")
    same_dtype(input=input, weight=weight, bias=bias)
    for name, array in {"weight": weight, "bias": bias}.items():
        if array is not None:
            expect_shape(name, array, sizes, "normalized_shape")
    xh, _ = normalise(input, tuple(range(-len(sizes), 0)), eps)
    return xh * (1 if weight is None else weight) + (0 if bias is None else bias)
