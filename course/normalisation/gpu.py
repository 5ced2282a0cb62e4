"""Normalisation in torch, on any device: the twins of `reference`, from tensor primitives."""

from __future__ import annotations

import torch
from torch import Tensor

from course.arguments import expect_shape, numeric, same_dtype
from course.normalisation import layout


def normalise(x: Tensor, axes: tuple[int, ...], eps: float) -> tuple[Tensor, Tensor]:
    """Mean 0 and variance 1 over some axes: (xh, sqrt(s2 + eps))."""
    mu = x.mean(axes, keepdim=True)
    s = (x.var(axes, correction=0, keepdim=True) + eps).sqrt()
    return (x - mu) / s, s


def normalise_backward(g: Tensor, xh: Tensor, s: Tensor, axes: tuple[int, ...]) -> Tensor:
    """What is left of g without its mean and its part along xh, divided by s."""
    along = (g * xh).mean(axes, keepdim=True)
    return (g - g.mean(axes, keepdim=True) - xh * along) / s


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel over the batch and all places; in training the running (C,) change in place.

    Args and errors: as the reference; input (N, C, ...).
    """
    layout.check(
        input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    axes = layout.all_but_channels(input)
    if not training:
        layout.check_running(running_mean, running_var)
        s = (layout.along_channels(running_var, input) + eps).sqrt()
        return layout.scale_and_shift(
            (input - layout.along_channels(running_mean, input)) / s, weight, bias
        )
    layout.check_batch(input)
    xh, _ = normalise(input, axes, eps)
    with torch.no_grad():
        if running_mean is not None:
            running_mean.lerp_(input.mean(axes), momentum)
        if running_var is not None:
            running_var.lerp_(input.var(axes), momentum)  # unbiased, as var is by default
    return layout.scale_and_shift(xh, weight, bias)


def batch_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    training: bool = True,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients (grad_input, grad_weight, grad_bias) of `batch_norm`, by hand."""
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
        s = (layout.along_channels(running_var, input) + eps).sqrt()
        xh = (input - layout.along_channels(running_mean, input)) / s
        grad_input = g / s
    return grad_input, (grad_output * xh).sum(axes), grad_output.sum(axes)


def fuse_conv_bn_weights(
    conv_w: Tensor,
    conv_b: Tensor | None,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor | None,
    bn_b: Tensor | None,
) -> tuple[Tensor, Tensor]:
    """(weight, bias) of the one convolution that does what (O, C, ...) and its norm do."""
    a = (bn_rv + bn_eps).rsqrt()
    a = a if bn_w is None else a * bn_w
    bias = a * (-bn_rm if conv_b is None else conv_b - bn_rm)
    weight = conv_w * a.reshape(-1, *[1] * (conv_w.ndim - 1))
    return weight, bias if bn_b is None else bias + bn_b


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each example by itself, in groups of channels: input (N, C, ...)."""
    layout.check(input, weight=weight, bias=bias)
    xh, _ = normalise(layout.grouped(input, num_groups), (2,), eps)
    return layout.scale_and_shift(xh.reshape(input.shape), weight, bias)


def group_norm_backward(
    grad_output: Tensor,
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients (grad_input, grad_weight, grad_bias) of `group_norm`, by hand."""
    layout.check(input, weight=weight)
    expect_shape("grad_output", grad_output, input.shape, "that of the output")
    xh, s = normalise(layout.grouped(input, num_groups), (2,), eps)
    g = layout.grouped(layout.scale_and_shift(grad_output, weight, None), num_groups)
    axes = layout.all_but_channels(input)
    return (
        normalise_backward(g, xh, s, (2,)).reshape(input.shape),
        (grad_output * xh.reshape(input.shape)).sum(axes),
        grad_output.sum(axes),
    )


def instance_norm(
    input: Tensor,
    *,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of each example by itself: input (N, C, ...)."""
    layout.check(input, weight=weight, bias=bias)
    return group_norm(input, input.shape[1], weight, bias, eps)


def layer_norm(
    input: Tensor,
    normalized_shape: tuple[int, ...],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Over the last axes, all numbers of an example together: input (..., *normalized_shape)."""
    sizes = tuple(normalized_shape)
    numeric("input", input, floating=True)
    if not sizes or tuple(input.shape[-len(sizes) :]) != sizes:
        raise ValueError(f"normalized_shape must end the shape {tuple(input.shape)}, got {sizes}")
    same_dtype(input=input, weight=weight, bias=bias)
    for name, array in {"weight": weight, "bias": bias}.items():
        if array is not None:
            expect_shape(name, array, sizes, "normalized_shape")
    xh, _ = normalise(input, tuple(range(-len(sizes), 0)), eps)
    return xh * (1 if weight is None else weight) + (0 if bias is None else bias)
