"""What a right answer to the exercise on normalisation is, and what each wrong answer means.

The truth is told by torch's own batch norm and its autograd; see `course.checking`.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights

from course.checking import Task, case, mistakes

LECTURE = "07_normalisation"
FORWARD = "Four steps for each channel"
BACKWARD = "Backward: two parts are taken out"
RUNNING = "Two modes"
FOLDING = "Folding the norm away"
COMPANY = "The company of a batch"


def _places(x):
    """x as (C, m): all numbers of a channel in a row."""
    return x.swapaxes(0, 1).reshape(x.shape[1], -1)


def _channels(values, x):
    return np.reshape(values, (1, -1, *[1] * (x.ndim - 2)))


def _scaled(draw, *shape, dtype="float64"):
    """Numbers whose channels differ in mean and spread."""
    x = draw.normal(*shape, dtype=dtype)
    spread = _channels(np.arange(1, shape[1] + 1) / 2, x).astype(dtype)
    return x * spread + 2 * spread - 1


# Forward


def _batch_norm(x, gamma, beta, eps=1e-5):
    found = F.batch_norm(
        torch.from_numpy(x),
        None,
        None,
        torch.from_numpy(gamma),
        torch.from_numpy(beta),
        training=True,
        eps=eps,
    )
    return found.numpy()


def _batch_norm_read(x, gamma, beta, eps=1e-5):
    axes = (0, 2, 3)
    mu = x.mean(axes, keepdims=True)
    var = x.var(axes, keepdims=True, ddof=0)
    xh = (x - mu) / np.sqrt(var + eps)
    return _channels(gamma, x) * xh + _channels(beta, x)


def _norm(
    axes=(0, 2, 3),
    ddof=0,
    scale=lambda var, eps: np.sqrt(var + eps),
    centred=True,
    weighed=lambda xh, gamma, beta: gamma * xh + beta,
):
    """An oracle from its steps."""

    def oracle(x, gamma, beta, eps=1e-5):
        if np.prod([x.shape[a] for a in axes]) <= ddof:
            return None
        mean = x.mean(axes, keepdims=True)
        var = x.var(axes, keepdims=True, ddof=ddof)
        xh = (x - mean * centred) / scale(var, eps)
        return weighed(xh, _channels(gamma, x), _channels(beta, x))

    return oracle


def _cases_batch_norm(draw):
    yield case(_scaled(draw, 2, 3, 4, 5), draw.normal(3), draw.normal(3))
    yield case(_scaled(draw, 4, 2, 1, 1), draw.normal(2), draw.normal(2))
    yield case(_scaled(draw, 3, 4, 2, 3), draw.normal(4), draw.normal(4), eps=0.5)
    yield case(_scaled(draw, 1, 3, 3, 2), draw.normal(3), draw.normal(3))
    yield case(_scaled(draw, 3, 1, 2, 4), draw.normal(1), draw.normal(1))
    yield case(
        _scaled(draw, 5, 2, 3, 4, dtype="float32"),
        draw.normal(2, dtype="float32"),
        draw.normal(2, dtype="float32"),
    )
    yield case(np.full((2, 2, 3, 2), 7.0), draw.normal(2), draw.normal(2))


batch_norm = Task(
    "batch_norm",
    _batch_norm,
    cases=_cases_batch_norm,
    lecture=LECTURE,
    section=FORWARD,
    formula=_batch_norm_read,
    vectorised=lambda draw, h, w: case(draw.normal(1, 2, h, w), draw.normal(2), draw.normal(2)),
    misunderstandings=mistakes(
        FORWARD,
        [
            (
                "a mean and variance for each place",
                "The means run over rows and columns too: axes 0, 2 and 3.",
                {"axes": (0,)},
            ),
            (
                "one mean and variance for all channels",
                "Each channel has its own mean and variance: axis 1 is not summed over.",
                {"axes": (0, 1, 2, 3)},
            ),
            (
                "a mean and variance for each picture (layer norm)",
                "The batch takes part: axis 0 is summed over, axis 1 is not.",
                {"axes": (1, 2, 3)},
            ),
            (
                "a mean and variance for each picture and channel (instance norm)",
                "The batch takes part: axis 0 is summed over.",
                {"axes": (2, 3)},
            ),
            (
                "the unbiased variance, divided by m - 1",
                "To normalise, the variance is divided by m; m - 1 is for the running variance.",
                {"ddof": 1},
            ),
            (
                "a division by the variance",
                "Divide by the square root of the variance.",
                {"scale": lambda var, eps: var + eps},
            ),
            (
                "eps added to the standard deviation",
                "eps stands under the root, beside the variance.",
                {"scale": lambda var, eps: np.sqrt(var) + eps},
            ),
            (
                "a norm that does not centre",
                "The mean is subtracted before the division.",
                {"centred": False},
            ),
            (
                "no gamma and beta",
                "Two learnt numbers follow for each channel: gamma * xh + beta.",
                {"weighed": lambda xh, gamma, beta: xh},
            ),
            (
                "gamma times the sum of xh and beta",
                "beta is added behind the multiplication.",
                {"weighed": lambda xh, gamma, beta: gamma * (xh + beta)},
            ),
        ],
        lambda steps: _norm(**steps),
    ),
)

# Backward


def _batch_norm_backward(grad_output, x, gamma, eps=1e-5):
    given = [torch.from_numpy(each).requires_grad_() for each in (x, gamma, np.zeros_like(gamma))]
    y = F.batch_norm(given[0], None, None, *given[1:], training=True, eps=eps)
    return tuple(g.numpy() for g in torch.autograd.grad(y, given, torch.from_numpy(grad_output)))


def _batch_norm_backward_read(grad_output, x, gamma, eps=1e-5):
    axes = (0, 2, 3)
    s = np.sqrt(x.var(axes, keepdims=True, ddof=0) + eps)
    xh = (x - x.mean(axes, keepdims=True)) / s
    mean = grad_output.mean(axes, keepdims=True)
    along = (grad_output * xh).mean(axes, keepdims=True)
    grad_x = _channels(gamma, x) / s * (grad_output - mean - xh * along)
    return grad_x, (grad_output * xh).sum(axes), grad_output.sum(axes)


def _backward(
    mean=1,
    along=1,
    times_gamma=True,
    divided=True,
    total=np.sum,
    by_input=False,
    ddof=0,
    order=(0, 1, 2),
    summed=False,
    sign=1,
):
    """An oracle from its parts."""

    def oracle(grad_output, x, gamma, eps=1e-5):
        axes = (0, 2, 3)
        s = np.sqrt(x.var(axes, keepdims=True, ddof=ddof) + eps)
        xh = (x - x.mean(axes, keepdims=True)) / s
        g = grad_output
        reduce = np.sum if summed else np.mean
        inner = g - mean * reduce(g, axes, keepdims=True)
        inner = inner - sign * along * xh * reduce(g * xh, axes, keepdims=True)
        factor = (_channels(gamma, x) if times_gamma else 1) / (s if divided else 1)
        other = x if by_input else xh
        found = (factor * inner, total(g * other, axis=axes), total(g, axis=axes))
        return tuple(found[i] for i in order)

    return oracle


def _cases_backward(draw):
    def drawn(*shape, **settings):
        x = _scaled(draw, *shape)
        return case(draw.normal(*shape) + 0.5, x, draw.normal(shape[1]), **settings)

    yield drawn(1, 2, 3, 4)
    yield drawn(2, 3, 4, 5)
    yield drawn(3, 4, 2, 3, eps=0.5)
    yield drawn(5, 2, 1, 1)
    yield drawn(3, 1, 2, 3)
    yield case(
        draw.normal(2, 3, 3, 2, dtype="float32"),
        _scaled(draw, 2, 3, 3, 2, dtype="float32"),
        draw.normal(3, dtype="float32"),
    )


batch_norm_backward = Task(
    "batch_norm_backward",
    _batch_norm_backward,
    cases=_cases_backward,
    lecture=LECTURE,
    section=BACKWARD,
    names=("grad_x", "grad_gamma", "grad_beta"),
    formula=_batch_norm_backward_read,
    vectorised=lambda draw, h, w: case(
        draw.normal(1, 2, h, w), draw.normal(1, 2, h, w), draw.normal(2)
    ),
    misunderstandings=mistakes(
        BACKWARD,
        [
            (
                "statistics taken as constants",
                "Mean and variance depend on every x of the channel: two parts are taken out.",
                {"mean": 0, "along": 0},
            ),
            (
                "a variance taken as constant",
                "The variance depends on x too: take out the part along xh.",
                {"along": 0},
            ),
            (
                "a mean taken as constant",
                "The mean depends on x too: take out the mean of the gradient.",
                {"mean": 0},
            ),
            (
                "a gradient that is not divided by the standard deviation",
                "The norm divides by s, and so does its gradient.",
                {"divided": False},
            ),
            (
                "means in place of sums, for gamma and beta",
                "gamma and beta touch every number of the channel: their gradients are sums.",
                {"total": np.mean},
            ),
            (
                "the gradient of gamma by x in place of xh",
                "gamma multiplies xh, not x.",
                {"by_input": True},
            ),
            (
                "the variance divided by m - 1",
                "The forward pass divides the variance by m.",
                {"ddof": 1},
            ),
            (
                "the gradients of gamma and beta exchanged",
                "The order is grad_x, grad_gamma, grad_beta.",
                {"order": (0, 2, 1)},
            ),
            (
                "sums in place of means, inside the bracket",
                "What is taken out are means: sums divided by m.",
                {"summed": True},
            ),
            (
                "the part along xh added",
                "The part along xh is subtracted, as the mean is.",
                {"sign": -1},
            ),
        ],
        lambda parts: _backward(**parts),
    ),
)

# Running statistics


def _running_statistics(batches, momentum=0.1):
    channels = batches[0].shape[1]
    mean, var = torch.zeros(channels, dtype=float), torch.ones(channels, dtype=float)
    for x in batches:
        F.batch_norm(torch.from_numpy(x), mean, var, training=True, momentum=momentum)
    return mean.numpy(), var.numpy()


def _running_statistics_read(batches, momentum=0.1):
    channels = batches[0].shape[1]
    axes = (0, 2, 3)
    mean, var = np.zeros(channels), np.ones(channels)
    for x in batches:
        m = x.size / channels
        mean = (1 - momentum) * mean + momentum * x.mean(axes)
        var = (1 - momentum) * var + momentum * (m / (m - 1)) * x.var(axes)
    return mean, var


def _running(
    start=(0.0, 1.0),
    ddof=1,
    step=lambda old, new, momentum: (1 - momentum) * old + momentum * new,
    spread=lambda var: var,
    shown=lambda batches: batches,
    axis=None,
):
    """An oracle from the first values, the variance and the step."""

    def oracle(batches, momentum=0.1):
        mean, var = (np.full(batches[0].shape[1], first) for first in start)
        for x in shown(batches):
            new = _places(x)
            mean = step(mean, new.mean(1), momentum)
            var = step(var, spread(new.var(1, ddof=ddof)), momentum)
        return (mean, var) if axis is None else (var, mean)

    return oracle


def _together(batches, momentum=0.1):
    found = np.concatenate([_places(x) for x in batches], 1)
    return found.mean(1), found.var(1, ddof=1)


def _cases_running(draw):
    def batches(channels, *shapes):
        return [_scaled(draw, n, channels, h, w) for n, h, w in shapes]

    yield case(batches(2, (2, 2, 3)))
    yield case(batches(3, (2, 3, 2), (4, 1, 2), (1, 2, 2)))
    yield case(batches(2, (3, 2, 2), (3, 2, 2)), momentum=0.4)
    yield case(batches(4, *[(2, 1, 2)] * 6), momentum=0.25)
    yield case(batches(3, (2, 2, 1), (3, 2, 1)), momentum=1.0)


running_statistics = Task(
    "running_statistics",
    _running_statistics,
    cases=_cases_running,
    lecture=LECTURE,
    section=RUNNING,
    names=("running_mean", "running_var"),
    formula=_running_statistics_read,
    misunderstandings=mistakes(
        RUNNING,
        [
            (
                "a running variance from batches divided by m",
                "The running variance takes the unbiased one: divided by m - 1.",
                {"ddof": 0},
            ),
            (
                "a sum that keeps all of the old",
                "The old value is scaled by 1 - momentum.",
                {"step": lambda old, new, momentum: old + momentum * new},
            ),
            (
                "the new batch at full weight",
                "The new value is scaled by momentum.",
                {"step": lambda old, new, momentum: (1 - momentum) * old + new},
            ),
            (
                "the statistics of the last batch alone",
                "Each batch replaces only a share of what was there.",
                {"step": lambda old, new, momentum: new},
            ),
            (
                "a running variance that starts at 0",
                "torch starts with mean 0 and variance 1.",
                {"start": (0.0, 0.0)},
            ),
            (
                "a running mean that starts at 1",
                "torch starts with mean 0 and variance 1.",
                {"start": (1.0, 1.0)},
            ),
            (
                "a running standard deviation",
                "What runs along is the variance; the root is taken later.",
                {"spread": np.sqrt},
            ),
            (
                "the statistics of all batches together",
                "Each batch replaces a share of what was there; early ones fade.",
                None,
            ),
        ],
        lambda steps: _together if steps is None else _running(**steps),
    ),
)

# Folding


def _fold(weight, bias, mean, var, gamma, beta, eps=1e-5):
    arrays = [torch.from_numpy(each) for each in (weight, bias, mean, var)]
    found = fuse_conv_bn_weights(*arrays, eps, torch.from_numpy(gamma), torch.from_numpy(beta))
    return tuple(each.detach().numpy() for each in found)


def _fold_read(weight, bias, mean, var, gamma, beta, eps=1e-5):
    a = (gamma / np.sqrt(var + eps))[:, None, None, None]
    return weight * a, (bias - mean) * (gamma / np.sqrt(var + eps)) + beta


def _folding(
    a=lambda gamma, var, eps: gamma / np.sqrt(var + eps),
    folded_weight=lambda weight, a: weight * a[:, None, None, None],
    folded_bias=lambda a, bias, mean, beta: a * (bias - mean) + beta,
):
    """An oracle from the factor and what is done with it."""

    def oracle(weight, bias, mean, var, gamma, beta, eps=1e-5):
        factor = a(gamma, var, eps)
        return folded_weight(weight, factor), folded_bias(factor, bias, mean, beta)

    return oracle


def _cases_fold(draw):
    def drawn(out, channels, *kernel, dtype="float64", **settings):
        def drawn(*shape):
            return draw.normal(*shape, dtype=dtype)

        weight, var = drawn(out, channels, *kernel), np.abs(drawn(out)) + 0.5
        return case(
            weight, drawn(out), drawn(out), var.astype(dtype), drawn(out), drawn(out), **settings
        )

    yield drawn(1, 1, 2, 2)
    yield drawn(3, 2, 3, 2)
    yield drawn(2, 2, 1, 3, eps=0.5)
    yield drawn(4, 3, 1, 1)
    yield drawn(2, 5, 3, 3, dtype="float32")


fold = Task(
    "fold",
    _fold,
    cases=_cases_fold,
    lecture=LECTURE,
    section=FOLDING,
    names=("weight", "bias"),
    formula=_fold_read,
    misunderstandings=mistakes(
        FOLDING,
        [
            (
                "a bias that is not scaled",
                "The norm scales what comes out of the convolution, bias included.",
                {"folded_bias": lambda a, bias, mean, beta: bias - a * mean + beta},
            ),
            (
                "a fold that loses the convolution's bias",
                "The old bias goes through the norm too.",
                {"folded_bias": lambda a, bias, mean, beta: beta - a * mean},
            ),
            (
                "a fold without the mean",
                "The norm subtracts the mean: the new bias holds it.",
                {"folded_bias": lambda a, bias, mean, beta: a * bias + beta},
            ),
            (
                "a mean that is not scaled",
                "The mean is subtracted before the division, so the factor meets it too.",
                {"folded_bias": lambda a, bias, mean, beta: a * bias - mean + beta},
            ),
            (
                "a fold without beta",
                "beta is added at the end.",
                {"folded_bias": lambda a, bias, mean, beta: a * (bias - mean)},
            ),
            (
                "a beta that is scaled",
                "beta comes behind the division: no factor meets it.",
                {"folded_bias": lambda a, bias, mean, beta: a * (bias - mean + beta)},
            ),
            (
                "a factor that divides by the variance",
                "The norm divides by the root of the variance.",
                {"a": lambda gamma, var, eps: gamma / (var + eps)},
            ),
            (
                "a factor without eps",
                "eps stands under the root, as in the norm.",
                {"a": lambda gamma, var, eps: gamma / np.sqrt(var)},
            ),
            (
                "kernels that are not scaled",
                "The norm scales what the kernels compute: they carry the factor.",
                {"folded_weight": lambda weight, a: weight},
            ),
        ],
        lambda steps: _folding(**steps),
    ),
)

# The mode bug


def _predict(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    arrays = [torch.from_numpy(each) for each in (x, running_mean, running_var, gamma, beta)]
    return F.linear(F.batch_norm(*arrays, eps=eps), torch.from_numpy(weight)).numpy()


def _predict_read(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    scores = []
    for first in range(0, len(x), batch_size):
        batch = x[first : first + batch_size]
        mean, var = running_mean, running_var
        xh = (batch - mean) / np.sqrt(var + eps)
        scores.append((gamma * xh + beta) @ weight.T)
    return np.concatenate(scores)


def _predicting(mode="eval", whole=True, norm=True, moves=None, weighed=True):
    """An oracle that goes batch by batch, with the bugs that are asked for."""

    def oracle(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
        scores, mean, var = [], running_mean, running_var
        count = len(x) if whole else len(x) // batch_size * batch_size
        if count == 0:
            return None
        for first in range(0, count, batch_size):
            batch = x[first : first + batch_size]
            if moves:
                mean = (1 - moves) * mean + moves * batch.mean(0)
                var = (1 - moves) * var + moves * batch.var(0)
            used = (mean, var)
            if mode == "train":
                used = (batch.mean(0), batch.var(0))
            elif mode == "all":
                used = (x.mean(0), x.var(0))
            xh = (batch - used[0]) / np.sqrt(used[1] + eps) if norm else batch
            scores.append((xh * gamma + beta if weighed else xh) @ weight.T)
        return np.concatenate(scores)

    return oracle


def _cases_predict(draw):
    def drawn(n, channels, classes, batch_size, **settings):
        return case(
            _scaled(draw, n, channels),
            draw.normal(channels),
            np.abs(draw.normal(channels)) + 0.5,
            draw.normal(channels),
            draw.normal(channels),
            draw.normal(classes, channels),
            batch_size,
            **settings,
        )

    yield drawn(4, 2, 3, 2)
    yield drawn(7, 3, 2, 3)
    yield drawn(6, 4, 5, 3, eps=0.5)
    yield drawn(5, 2, 4, 1)
    yield drawn(1, 5, 3, 2)
    yield drawn(3, 1, 1, 2)
    yield drawn(3, 3, 2, 8)


predict = Task(
    "predict",
    _predict,
    cases=_cases_predict,
    lecture=LECTURE,
    section=COMPANY,
    formula=_predict_read,
    misunderstandings=mistakes(
        COMPANY,
        [
            (
                "statistics of each batch",
                "In eval mode the running statistics are used, whoever is in the batch.",
                {"mode": "train"},
            ),
            (
                "statistics of all test examples",
                "The running statistics were learnt in training; the test examples have no say.",
                {"mode": "all"},
            ),
            (
                "a last batch that is dropped",
                "Every example gets its scores: the last batch may be smaller.",
                {"whole": False},
            ),
            (
                "statistics of each batch, and the last batch dropped",
                "Two bugs are still there: the mode, and the examples that are left over.",
                {"mode": "train", "whole": False},
            ),
            (
                "running statistics that move while testing",
                "Testing must not move the running statistics.",
                {"moves": 0.1},
            ),
            (
                "no norm at all",
                "Eval mode changes whose statistics are used; it does not leave the norm out.",
                {"norm": False},
            ),
            (
                "no gamma and beta",
                "gamma and beta stay in eval mode.",
                {"weighed": False},
            ),
        ],
        lambda bugs: _predicting(**bugs),
    )
    + mistakes(
        COMPANY,
        [
            (
                "a division by the running variance",
                "Divide by the square root of the variance.",
                lambda x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5: (
                    ((x - running_mean) / (running_var + eps) * gamma + beta) @ weight.T
                ),
            ),
            (
                "a norm that does not centre",
                "The running mean is subtracted.",
                lambda x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5: (
                    (x / np.sqrt(running_var + eps) * gamma + beta) @ weight.T
                ),
            ),
            (
                "classes in place of scores",
                "Asked for are the scores, (N, K), not the classes.",
                lambda x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5: (
                    ((x - running_mean) / np.sqrt(running_var + eps) * gamma + beta) @ weight.T
                ).argmax(1),
            ),
        ],
    ),
)
