"""From scores to a class in torch, on any device: the twins of `reference`.

Written from tensor operations; the judge is torch.nn.functional.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from course.classification.reference import fan_in_and_fan_out

# --- the twins -----------------------------------------------------------------------------------


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Give each class a score: the twin of `reference.linear`.

    Args:
        input: (N, I).
        weight: (K, I).
        bias: (K,) or None.

    Returns:
        (N, K).
    """
    z = torch.einsum("ni,ki->nk", input, weight)
    return z if bias is None else z + bias


def linear_backward(
    grad_output: Tensor, input: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Give the gradients of `linear`.

    Args:
        grad_output: (N, K).
        input, weight: as in the forward pass.

    Returns:
        (grad_input, grad_weight, grad_bias).
    """
    return (
        torch.einsum("nk,ki->ni", grad_output, weight),
        torch.einsum("nk,ni->ki", grad_output, input),
        grad_output.sum(dim=0),
    )


def softmax(input: Tensor, dim: int) -> Tensor:
    """Make probabilities of scores: the twin of `reference.softmax`.

    Args:
        input: floats of any shape.
        dim: the axis of the classes.

    Returns:
        The shape of input.
    """
    e = (input - input.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)


def log_softmax(input: Tensor, dim: int) -> Tensor:
    """Give the logarithms of the probabilities: the twin of `reference.log_softmax`.

    Args:
        input: floats of any shape.
        dim: the axis of the classes.

    Returns:
        The shape of input.
    """
    z = input - input.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()


def cross_entropy(
    input: Tensor, target: Tensor, *, reduction: str = "mean", label_smoothing: float = 0.0
) -> Tensor:
    """Give the loss of a classifier: the twin of `reference.cross_entropy`.

    The library's function picks the right class by its number, as this does; no one-hot array.

    Args:
        input: (N, K) or (N, K, ...), the scores.
        target: (N,) or (N, ...), int64.
        reduction: "mean", "sum" or "none".
        label_smoothing: from 0 to 1.

    Returns:
        A number, or the shape of target.
    """
    log_p = log_softmax(input, 1)
    losses = -log_p.gather(1, target.unsqueeze(1)).squeeze(1)
    if label_smoothing:
        losses = (1 - label_smoothing) * losses - label_smoothing * log_p.mean(1)
    return _reduced(losses, reduction)


def cross_entropy_backward(
    grad_output: Tensor,
    input: Tensor,
    target: Tensor,
    *,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Give the gradient of `cross_entropy` by the scores.

    Args:
        grad_output: dE/dloss, a tensor of no axes or the shape of target.
        input, target, reduction, label_smoothing: as in the forward pass.

    Returns:
        The shape of input.
    """
    grad = softmax(input, 1) - label_smoothing / input.shape[1]
    right = torch.full_like(target, label_smoothing - 1, dtype=input.dtype)
    grad = grad.scatter_add(1, target.unsqueeze(1), right.unsqueeze(1))
    return _spread(grad_output, target.shape, reduction).unsqueeze(1) * grad


def sigmoid(input: Tensor) -> Tensor:
    """Make a probability of one score: the twin of `reference.sigmoid`.

    Args:
        input: floats of any shape.

    Returns:
        The shape of input.
    """
    e = (-input.abs()).exp()
    return torch.where(input >= 0, 1, e) / (1 + e)


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, *, reduction: str = "mean"
) -> Tensor:
    """Give the loss of yes-or-no questions: the twin of the reference's.

    Args:
        input: floats of any shape, the scores.
        target: the shape of input, from 0 to 1.
        reduction: "mean", "sum" or "none".

    Returns:
        A number, or the shape of input.
    """
    losses = input.clamp(min=0) - input * target + (-input.abs()).exp().log1p()
    return _reduced(losses, reduction)


def binary_cross_entropy_with_logits_backward(
    grad_output: Tensor, input: Tensor, target: Tensor, *, reduction: str = "mean"
) -> Tensor:
    """Give its gradient by the scores.

    Args:
        grad_output: dE/dloss, a tensor of no axes or the shape of input.
        input, target, reduction: as in the forward pass.

    Returns:
        The shape of input.
    """
    return _spread(grad_output, input.shape, reduction) * (sigmoid(input) - target)


@torch.no_grad()
def kaiming_normal_(
    tensor: Tensor, nonlinearity: str = "relu", generator: torch.Generator | None = None
) -> Tensor:
    """Fill a weight in place: the twin of `reference.kaiming_normal`.

    Args:
        tensor: a weight of two axes or more.
        nonlinearity: "relu", "tanh", "sigmoid" or "linear".
        generator: torch.Generator, or None.

    Returns:
        The tensor.
    """
    fan_in, _ = fan_in_and_fan_out(tensor.shape)
    std = torch.nn.init.calculate_gain(nonlinearity) / math.sqrt(fan_in)
    return tensor.normal_(0, std, generator=generator)


@torch.no_grad()
def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, generator: torch.Generator | None = None
) -> Tensor:
    """Fill a weight in place: the twin of `reference.xavier_uniform`.

    Args:
        tensor: a weight of two axes or more.
        gain: 1 for no activation or a nearly linear one.
        generator: torch.Generator, or None.

    Returns:
        The tensor.
    """
    a = gain * math.sqrt(6 / sum(fan_in_and_fan_out(tensor.shape)))
    return tensor.uniform_(-a, a, generator=generator)


@torch.no_grad()
def sgd_step(
    param: Tensor,
    grad: Tensor,
    velocity: Tensor | None = None,
    lr: float = 1e-3,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Take one step of gradient descent: the twin of `reference.sgd_step`.

    Args:
        param, grad: tensors of one shape.
        velocity: of the step before, or None in the first.
        lr, momentum, weight_decay: numbers.

    Returns:
        (param, velocity), new tensors.
    """
    g = grad + weight_decay * param
    v = g.clone() if velocity is None else momentum * velocity + g
    return param - lr * v, v


def dropout(
    input: Tensor, p: float = 0.5, training: bool = True, generator: torch.Generator | None = None
) -> Tensor:
    """Set each value to zero with probability p: the twin of `reference.dropout`.

    Args:
        input: floats of any shape.
        p: from 0 to 1.
        training: False gives the input unchanged.
        generator: torch.Generator on input's device, or None.

    Returns:
        The shape of input.
    """
    if not training:
        return input.clone()
    mask = torch.rand(input.shape, generator=generator, device=input.device) >= p
    return input * mask / (1 - p) if p < 1 else torch.zeros_like(input)


def confusion_matrix(target: Tensor, predicted: Tensor, num_classes: int) -> Tensor:
    """Count who is taken for whom: the twin of `reference.confusion_matrix`.

    Args:
        target, predicted: (N,) int64.
        num_classes: K.

    Returns:
        (K, K) int64.
    """
    pairs = target * num_classes + predicted
    return pairs.bincount(minlength=num_classes**2).reshape(num_classes, num_classes)


def _reduced(losses, reduction):
    return losses if reduction == "none" else getattr(losses, reduction)()


def _spread(grad_output, shape, reduction):
    share = math.prod(shape) if reduction == "mean" else 1
    return (grad_output / share).expand(shape)
