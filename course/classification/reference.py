"""From scores to a class in NumPy: softmax, losses and their gradients, first weights, the step.

The letters are the same all through, in the sums and in the code:

    n       the picture in the batch
    c, k    a class
    z       the scores (logits), one for each picture and class
    p       the probabilities that softmax makes of them
    t       the target: the number of the right class
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from course.arguments import expect_shape, integers, numeric, rank, same_dtype

REDUCTIONS = ("none", "mean", "sum")
# Source: He et al., "Delving deep into rectifiers" (2015); torch.nn.init.calculate_gain.
GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2)}

# --- the classifier ------------------------------------------------------------------------------


def linear(input: ndarray, weight: ndarray, bias: ndarray | None = None) -> ndarray:
    """Give each class a score: a weighted sum of all features, its votes.

        z[n, k] = sum over i of input[n, i] * weight[k, i] + bias[k]

    Args:
        input: (N, I), floats.
        weight: (K, I).
        bias: (K,) or None.

    Returns:
        (N, K).

    Raises:
        ValueError: shapes do not fit, or dtypes differ.
    """
    _check_linear(input, weight, bias)
    z = np.einsum("ni,ki->nk", input, weight)
    return z if bias is None else z + bias


def linear_backward(
    grad_output: ndarray, input: ndarray, weight: ndarray
) -> tuple[ndarray, ndarray, ndarray]:
    """Give the gradients of `linear`.

        grad_input[n, i]  = sum over k of grad_output[n, k] * weight[k, i]
        grad_weight[k, i] = sum over n of grad_output[n, k] * input[n, i]
        grad_bias[k]      = sum over n of grad_output[n, k]

    Args:
        grad_output: (N, K), dE/dz.
        input, weight: as in the forward pass.

    Returns:
        (grad_input, grad_weight, grad_bias).
    """
    _check_linear(input, weight, None)
    expect_shape("grad_output", grad_output, (len(input), len(weight)), "that of the output")
    return (
        np.einsum("nk,ki->ni", grad_output, weight),
        np.einsum("nk,ni->ki", grad_output, input),
        grad_output.sum(axis=0),
    )


# --- softmax and cross-entropy -------------------------------------------------------------------


def softmax(input: ndarray, dim: int) -> ndarray:
    """Make probabilities of scores: positive, and 1 together along `dim`.

        p[k] = exp(z[k]) / sum over c of exp(z[c])

    The largest score is subtracted first. That changes nothing, since it cancels, and keeps exp
    from overflowing.

    Args:
        input: floats of any shape.
        dim: the axis of the classes.

    Returns:
        The shape of input.
    """
    _check_scores(input, dim)
    e = np.exp(input - input.max(axis=dim, keepdims=True))
    return e / e.sum(axis=dim, keepdims=True)


def log_softmax(input: ndarray, dim: int) -> ndarray:
    """Give the logarithms of the probabilities, without the detour through them.

        log p[k] = z[k] - m - log(sum over c of exp(z[c] - m)),    m = max over c of z[c]

    A probability of exp(-1000) is 0 to a computer, and its logarithm minus infinity; this gives
    -1000.

    Args:
        input: floats of any shape.
        dim: the axis of the classes.

    Returns:
        The shape of input.
    """
    _check_scores(input, dim)
    z = input - input.max(axis=dim, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=dim, keepdims=True))


def cross_entropy(
    input: ndarray, target: ndarray, *, reduction: str = "mean", label_smoothing: float = 0.0
) -> ndarray:
    """Give the loss of a classifier: how surprised it is by the right classes.

        loss[n] = -sum over k of q[n, k] * log p[n, k],    p = softmax(z)
        q[n, k] = (1 - s) * (1 where k = target[n], else 0) + s / K

    With no label smoothing, s = 0, that is -log p[n, target[n]].

    Args:
        input: (N, K) or (N, K, ...), the scores z; the classes are axis 1.
        target: (N,) or (N, ...), integers from 0 to K - 1.
        reduction: "mean" or "sum" over all targets, or "none".
        label_smoothing: s, from 0 to 1.

    Returns:
        A number, or the shape of target.

    Raises:
        ValueError: shapes do not fit, or a target is no class.
    """
    q = _check_targets(input, target, label_smoothing)
    losses = -(q * log_softmax(input, 1)).sum(axis=1)
    return _reduced(losses, reduction)


def cross_entropy_backward(
    grad_output: ndarray,
    input: ndarray,
    target: ndarray,
    *,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> ndarray:
    """Give the gradient of `cross_entropy` by the scores: what is said, minus what is right.

        grad_z[n, k] = grad_output[n] * (p[n, k] - q[n, k])

    With "mean" it is divided by the number of targets. For each picture it sums to zero.

    Args:
        grad_output: dE/dloss, a number or the shape of target.
        input, target, reduction, label_smoothing: as in the forward pass.

    Returns:
        The shape of input.
    """
    q = _check_targets(input, target, label_smoothing)
    grad_losses = _spread(grad_output, target.shape, reduction)
    return np.expand_dims(grad_losses, 1) * (softmax(input, 1) - q)


# --- the logistic output -------------------------------------------------------------------------


def sigmoid(input: ndarray) -> ndarray:
    """Make a probability of one score: the logistic function.

        p = 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z))

    Each form is used where its exponential is at most 1.

    Args:
        input: floats of any shape.

    Returns:
        The shape of input.
    """
    numeric("input", input, floating=True)
    e = np.exp(-np.abs(input))
    return np.where(input >= 0, 1, e) / (1 + e)


def binary_cross_entropy_with_logits(
    input: ndarray, target: ndarray, *, reduction: str = "mean"
) -> ndarray:
    """Give the loss of yes-or-no questions, each with one score.

        loss = -t log p - (1 - t) log(1 - p),    p = sigmoid(z)
             = max(z, 0) - z t + log(1 + exp(-|z|))

    The second form is the first with what cancels taken out: no exponential grows, no logarithm is
    of 0.

    Args:
        input: floats of any shape, the scores z.
        target: the shape of input, t from 0 to 1.
        reduction: "mean", "sum" or "none".

    Returns:
        A number, or the shape of input.
    """
    _check_binary(input, target)
    losses = np.maximum(input, 0) - input * target + np.log1p(np.exp(-np.abs(input)))
    return _reduced(losses, reduction)


def binary_cross_entropy_with_logits_backward(
    grad_output: ndarray, input: ndarray, target: ndarray, *, reduction: str = "mean"
) -> ndarray:
    """Give its gradient by the scores: again what is said, minus what is right.

        grad_z = grad_output * (p - t)

    Args:
        grad_output: dE/dloss, a number or the shape of input.
        input, target, reduction: as in the forward pass.

    Returns:
        The shape of input.
    """
    _check_binary(input, target)
    return _spread(grad_output, input.shape, reduction) * (sigmoid(input) - target)


# --- the first weights ---------------------------------------------------------------------------


def fan_in_and_fan_out(shape: Sequence[int]) -> tuple[int, int]:
    """Count how many inputs one output reads, and how many outputs one input reaches.

        (K, I):            fan_in = I,           fan_out = K
        (O, C, kH, kW):    fan_in = C * kH * kW, fan_out = O * kH * kW

    Args:
        shape: of a weight, two axes or more.

    Returns:
        (fan_in, fan_out).
    """
    if len(shape) < 2:
        raise ValueError(f"shape must have two axes or more, got {tuple(shape)}")
    taps = math.prod(shape[2:])
    return shape[1] * taps, shape[0] * taps


def kaiming_normal(
    shape: Sequence[int], nonlinearity: str = "relu", rng: np.random.Generator | None = None
) -> ndarray:
    """Draw weights that keep the size of the signal through a layer and its activation.

        weight ~ normal(0, std^2),    std = gain / sqrt(fan_in)

    A sum of fan_in products has fan_in times the variance of one; the gain makes up for what the
    activation takes away: sqrt(2) for the rectifier, which sets half of the values to zero.

    Args:
        shape: of the weight.
        nonlinearity: "relu", "tanh", "sigmoid" or "linear".
        rng: numpy.random.Generator; a fresh one when None.

    Returns:
        `shape`, float64.

    Source: He et al., "Delving deep into rectifiers" (2015), equation 10.
    """
    fan_in, _ = fan_in_and_fan_out(shape)
    std = _gain(nonlinearity) / math.sqrt(fan_in)
    return (rng or np.random.default_rng()).normal(0, std, shape)


def xavier_uniform(
    shape: Sequence[int], gain: float = 1.0, rng: np.random.Generator | None = None
) -> ndarray:
    """Draw weights that keep the signal's size forward and the gradient's backward, both in half.

        weight ~ uniform(-a, a),    a = gain * sqrt(6 / (fan_in + fan_out))

    Their standard deviation is a / sqrt(3) = gain * sqrt(2 / (fan_in + fan_out)).

    Args:
        shape: of the weight.
        gain: 1 for no activation or a nearly linear one.
        rng: numpy.random.Generator; a fresh one when None.

    Returns:
        `shape`, float64.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks" (2010), equation 16.
    """
    fan_in, fan_out = fan_in_and_fan_out(shape)
    a = gain * math.sqrt(6 / (fan_in + fan_out))
    return (rng or np.random.default_rng()).uniform(-a, a, shape)


# --- the step ------------------------------------------------------------------------------------


def sgd_step(
    param: ndarray,
    grad: ndarray,
    velocity: ndarray | None = None,
    lr: float = 1e-3,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> tuple[ndarray, ndarray]:
    """Take one step of gradient descent with momentum and weight decay, as torch.optim.SGD does.

        g = grad + weight_decay * w
        v = momentum * v + g            (v = g in the first step)
        w = w - lr * v

    Args:
        param: w, any shape.
        grad: dE/dw, its shape.
        velocity: v of the step before, or None in the first.
        lr: the learning rate.
        momentum: from 0 to 1; a steady gradient ends up 1 / (1 - momentum) times as fast.
        weight_decay: pulls every weight towards 0.

    Returns:
        (param, velocity), new arrays.
    """
    expect_shape("grad", grad, param.shape, "that of param")
    g = grad + weight_decay * param
    v = g.copy() if velocity is None else momentum * velocity + g
    return param - lr * v, v


def clip_grad_norm(grads: Sequence[ndarray], max_norm: float) -> tuple[list[ndarray], float]:
    """Scale gradients down together, so that their common norm is at most `max_norm`.

        norm = sqrt(sum of all squares),    grads * max_norm / norm where norm > max_norm

    The direction stays.

    Args:
        grads: a list of arrays.
        max_norm: a positive number.

    Returns:
        (list of arrays, norm before).

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
    (2013), algorithm 1.
    """
    norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    # The small number is torch's: it keeps the quotient finite.
    scale = min(1.0, max_norm / (norm + 1e-6))
    return [g * scale for g in grads], norm


def step_lr(lr: float, epoch: int, milestones: Sequence[int], gamma: float = 0.1) -> float:
    """Give the learning rate of an epoch: multiplied by `gamma` at each milestone passed.

        rate = lr * gamma ** (number of milestones <= epoch)

    Args:
        lr: the first rate.
        epoch: from 0.
        milestones: epochs.
        gamma: usually a tenth.
    """
    return lr * gamma ** sum(milestone <= epoch for milestone in milestones)


def cosine_lr(lr: float, epoch: int, epochs: int) -> float:
    """Give the learning rate of an epoch: half a wave of a cosine, from `lr` to 0.

        rate = lr * (1 + cos(pi * epoch / epochs)) / 2

    Args:
        lr: the first rate.
        epoch: from 0 to epochs.
        epochs: how many there are.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2016).
    """
    return lr * (1 + math.cos(math.pi * epoch / epochs)) / 2


def dropout(
    input: ndarray, p: float = 0.5, training: bool = True, rng: np.random.Generator | None = None
) -> ndarray:
    """Set each value to zero with probability p, and make up for it in the others.

        y = x * mask / (1 - p),    mask = 0 with probability p, else 1

    So the mean stays, and in eval mode nothing is left to do.

    Args:
        input: floats of any shape.
        p: from 0 to 1.
        training: False gives the input unchanged.
        rng: numpy.random.Generator; a fresh one when None.

    Returns:
        The shape of input.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting"
    (2014), with the scaling moved from eval mode to training.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p must be from 0 to 1, got {p!r}")
    if not training:
        return input.copy()
    mask = (rng or np.random.default_rng()).random(input.shape) >= p
    return input * mask / (1 - p) if p < 1 else np.zeros_like(input)


# --- pictures that move --------------------------------------------------------------------------


def shift(images: ndarray, rows: int, columns: int) -> ndarray:
    """Move pictures down by `rows` and right by `columns`; what comes in at the border is zero.

        y[n, c, i, j] = x[n, c, i - rows, j - columns], 0 where that is outside

    Args:
        images: (N, C, H, W).
        rows, columns: integers; negative ones move up and left.

    Returns:
        (N, C, H, W), a new array.
    """
    rank("images", images, ["(N, C, H, W)"])
    moved = np.zeros_like(images)
    height, width = images.shape[2:]
    to_rows, from_rows = _overlap(rows, height)
    to_columns, from_columns = _overlap(columns, width)
    moved[:, :, to_rows, to_columns] = images[:, :, from_rows, from_columns]
    return moved


def confusion_matrix(target: ndarray, predicted: ndarray, num_classes: int) -> ndarray:
    """Count who is taken for whom.

        m[t, k] = how many pictures of class t were called k

    Args:
        target: (N,) integers.
        predicted: (N,) integers.
        num_classes: K.

    Returns:
        (K, K) integers; the diagonal holds what is right.
    """
    expect_shape("predicted", predicted, target.shape, "that of target")
    m = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(m, (target, predicted), 1)
    return m


def _overlap(step, size):
    """The slices (to, from) of an axis that moves by `step`."""
    (step,) = integers("rows and columns", step, 1, minimum=-(10**9))
    if abs(step) >= size:
        return slice(0, 0), slice(0, 0)
    return slice(max(step, 0), size + min(step, 0)), slice(max(-step, 0), size - max(step, 0))


def _check_linear(input, weight, bias):
    rank("input", input, ["(N, I)"])
    rank("weight", weight, ["(K, I)"])
    if input.shape[1] != weight.shape[1]:
        raise ValueError(
            f"weight must have {input.shape[1]} columns, one for each feature of input, "
            f"got {weight.shape[1]}"
        )
    same_dtype(input=input, weight=weight, bias=bias)
    if bias is not None:
        expect_shape("bias", bias, (len(weight),), "one for each class")


def _check_scores(input, dim):
    numeric("input", input, floating=True)
    if not -input.ndim <= dim < input.ndim or not input.shape[dim]:
        raise ValueError(f"dim must be an axis of input {input.shape} that is not empty, got {dim}")


def _check_targets(input, target, label_smoothing):
    """The probabilities q that the targets stand for, in the shape and dtype of input."""
    rank("input", input, ["(N, K)", "(N, K, L)", "(N, K, H, W)", "(N, K, D, H, W)"])
    _check_scores(input, 1)
    expect_shape(
        "target", target, (len(input), *input.shape[2:]), "that of input without the classes"
    )
    if target.dtype.kind not in "iu":
        raise ValueError(f"target must hold integers, the classes, got {target.dtype}")
    K = input.shape[1]
    if target.size and not 0 <= target.min() <= target.max() < K:
        raise ValueError(f"target must be from 0 to {K - 1}, got {target.min()} to {target.max()}")
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing must be from 0 to 1, got {label_smoothing!r}")
    one_hot = np.moveaxis(np.eye(K, dtype=input.dtype)[target], -1, 1)
    return (1 - label_smoothing) * one_hot + label_smoothing / K


def _check_binary(input, target):
    numeric("input", input, floating=True)
    expect_shape("target", target, input.shape, "that of input")
    same_dtype(input=input, target=target)


def _reduced(losses, reduction):
    _check_reduction(reduction)
    return {"none": lambda a: a, "mean": np.mean, "sum": np.sum}[reduction](losses)


def _spread(grad_output, shape, reduction):
    """The gradient of each loss, from that of their mean or sum."""
    _check_reduction(reduction)
    grad_output = np.asarray(grad_output)
    expect_shape(
        "grad_output", grad_output, shape if reduction == "none" else (), "that of the loss"
    )
    share = math.prod(shape) if reduction == "mean" else 1
    return np.broadcast_to(grad_output / share, shape)


def _check_reduction(reduction):
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {', '.join(REDUCTIONS)}, got {reduction!r}")


def _gain(nonlinearity):
    if nonlinearity not in GAINS:
        raise ValueError(f"nonlinearity must be one of {', '.join(GAINS)}, got {nonlinearity!r}")
    return GAINS[nonlinearity]
