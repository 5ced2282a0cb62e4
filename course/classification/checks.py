"""What a right answer to the exercise on classification is, and what each wrong answer means.

What is expected is told by torch.nn.functional and torch.autograd; see `course.checking`.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes
from course.classification.design import DesignTask

LECTURE = "06_classification"
LOSS = "What a mistake costs"
FIRST = "The first weights"
STEP = "One step, and then the next"
MOVED = "More pictures from few"
NET = "A net for digits, layer by layer"


def _tensors(*arrays):
    return [torch.from_numpy(array.copy()) for array in arrays]


def _scores(draw, pictures, classes, largest=1.0, dtype="float64"):
    """Scores with two decimals and classes that are not all the same."""
    logits = np.round(draw.normal(pictures, classes) * largest, 2).astype(dtype)
    target = np.array([draw.integer(0, classes - 1) for _ in range(pictures)])
    if pictures > 1 and (target == target[0]).all():
        target[-1] = (target[0] + 1) % classes
    return logits, target


# The loss


def _loss(formula):
    """An oracle from a formula in scores, classes and the right classes as rows of 0 and 1."""

    def oracle(logits, target):
        z, t = _tensors(logits, target)
        return float(formula(z, t, F.one_hot(t, z.shape[1]).double()))

    return oracle


def _cross_entropy_read(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    q = np.eye(logits.shape[1])[target]
    return float(-(q * log_p).sum(axis=1).mean())


def _of_right_class(p, t):
    return p.gather(1, t[:, None])[:, 0]


def _overflowing(z, dim=1):
    """Softmax as its formula is written, without the largest score taken away."""
    return z.exp() / z.exp().sum(dim, keepdim=True)


def _cases_cross_entropy(draw):
    yield case(*_scores(draw, 2, 3))
    N, K = draw.distinct(2, 4, 9)
    yield case(*_scores(draw, N, K))
    yield case(*_scores(draw, K, N, largest=3))
    yield case(*_scores(draw, 1, 5))
    yield case(np.array([[0.5], [-2.0]]), np.array([0, 0]))  # one class: nothing to be wrong
    yield case(*_scores(draw, 3, 2, dtype="float32"))
    # Two right classes of hopeless scores: 1000 below the largest, and 2000.
    logits, target = _scores(draw, 4, 3, largest=2)
    logits[[0, 1], target[[0, 1]]] -= 1000
    logits[2] += 2000
    yield case(logits, target)


cross_entropy = Task(
    "cross_entropy",
    _loss(lambda z, t, q: F.cross_entropy(z, t)),
    cases=_cases_cross_entropy,
    lecture=LECTURE,
    section=LOSS,
    formula=_cross_entropy_read,
    misunderstandings=mistakes(
        LOSS,
        [
            (
                "a softmax over the pictures",
                "The probabilities of the classes add up to 1 for each picture: along axis 1.",
                lambda z, t, q: -_of_right_class(z.log_softmax(0), t).mean(),
            ),
            (
                "scores that are taken for logarithms of probabilities",
                "The logarithm of the sum of all exponentials is still to be subtracted.",
                lambda z, t, q: -_of_right_class(z, t).mean(),
            ),
            (
                "a logistic function of each score",
                "Among K classes softmax makes the probabilities: they add up to 1.",
                lambda z, t, q: -F.logsigmoid(_of_right_class(z, t)).mean(),
            ),
            (
                "exponentials that overflow",
                "Subtract the largest score of each picture before exp: it cancels.",
                lambda z, t, q: -_of_right_class(_overflowing(z), t).log().mean(),
            ),
            (
                "a logarithm of a probability that was rounded to zero",
                "exp(-1000) is 0 to a computer: take the logarithm in the formula, not of p.",
                lambda z, t, q: -_of_right_class(z.softmax(1), t).log().mean(),
            ),
            *(
                (
                    "a small number added to the probability",
                    "That caps the loss: log p is z less the logarithm of a sum, with nothing "
                    "added.",
                    lambda z, t, q, eps=eps: -(_of_right_class(z.softmax(1), t) + eps).log().mean(),
                )
                for eps in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
            ),
            (
                "a mean of what is missing to probability 1",
                "The loss of a picture is -log p, not 1 - p.",
                lambda z, t, q: (1 - _of_right_class(z.softmax(1), t)).mean(),
            ),
            (
                "the mean squared error of the probabilities",
                "Cross-entropy is minus the logarithm of the right class's probability.",
                lambda z, t, q: (z.softmax(1) - q).square().sum(1).mean(),
            ),
            (
                "the share of wrong answers",
                "That is the error, which has no useful gradient; the loss is -log p.",
                lambda z, t, q: (z.argmax(1) != t).double().mean(),
            ),
            (
                "the loss of the most probable class",
                "Take the probability of the right class, target, not the largest one.",
                lambda z, t, q: -z.log_softmax(1).amax(1).mean(),
            ),
            (
                "an entropy of the probabilities",
                "The logarithm is weighed with what is right, not with p.",
                lambda z, t, q: -(z.softmax(1) * z.log_softmax(1)).sum(1).mean(),
            ),
        ],
        _loss,
    ),
)


# Its gradient


def _gradient(formula):
    def oracle(logits, target):
        z, t = _tensors(logits, target)
        return formula(z, t, F.one_hot(t, z.shape[1]).double()).numpy()

    return oracle


def _cross_entropy_backward_read(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    q = np.eye(logits.shape[1])[target]
    return (p - q) / len(logits)


def _autograd(z, t, q):
    z = z.requires_grad_()
    (grad,) = torch.autograd.grad(F.cross_entropy(z, t), z)
    return grad


def _whole_columns(z, t, q):
    grad = z.softmax(1)
    grad[:, t.unique()] -= 1
    return grad / len(z)


def _jacobian_diagonal(z, t, q):
    p = z.softmax(1)
    return (p - q) * p * (1 - p) / len(z)


cross_entropy_backward = Task(
    "cross_entropy_backward",
    _gradient(_autograd),
    cases=_cases_cross_entropy,
    lecture=LECTURE,
    section=LOSS,
    formula=_cross_entropy_backward_read,
    misunderstandings=mistakes(
        LOSS,
        [
            (
                "a gradient divided by the number of classes",
                "The mean is over the pictures: divide by N.",
                lambda z, t, q: (z.softmax(1) - q) / z.shape[1],
            ),
            (
                "the probabilities alone",
                "At the right class 1 is to be subtracted.",
                lambda z, t, q: z.softmax(1) / len(z),
            ),
            (
                "a gradient at the right classes alone",
                "The other classes' scores count too: raising them lowers p of the right one.",
                lambda z, t, q: (z.softmax(1) - 1) * q / len(z),
            ),
            (
                "scores in place of probabilities",
                "What is said are the probabilities that softmax makes of the scores.",
                lambda z, t, q: (z - q) / len(z),
            ),
            (
                "a softmax over the pictures",
                "The probabilities of the classes add up to 1 for each picture: along axis 1.",
                lambda z, t, q: (z.softmax(0) - q) / len(z),
            ),
            (
                "ones taken from whole columns",
                "p[:, target] is all rows of those columns; p[np.arange(N), target] is one place "
                "in each row.",
                _whole_columns,
            ),
            (
                "a logistic function of each score",
                "Among K classes softmax makes the probabilities.",
                lambda z, t, q: (z.sigmoid() - q) / len(z),
            ),
            (
                "a gradient by the probabilities",
                "That is -1/p, one step too early: go on through softmax to the scores.",
                lambda z, t, q: -q / z.softmax(1) / len(z),
            ),
            (
                "a gradient times p(1 - p)",
                "Softmax and logarithm together give p - q; nothing is left to multiply.",
                _jacobian_diagonal,
            ),
            (
                "exponentials that overflow",
                "Subtract the largest score of each picture before exp: it cancels.",
                lambda z, t, q: (_overflowing(z) - q) / len(z),
            ),
            (
                "probabilities with the ones at the most probable class",
                "Subtract 1 at the right class, target, not where p is largest.",
                lambda z, t, q: (
                    (z.softmax(1) - F.one_hot(z.argmax(1), z.shape[1]).double()) / len(z)
                ),
            ),
        ],
        _gradient,
    ),
)


# The first weights


def _fans(shape):
    taps = math.prod(shape[2:])
    return shape[1] * taps, shape[0] * taps


def _weight_std_read(shape, method):
    taps = math.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return math.sqrt(2 / fan_in)
    return math.sqrt(2 / (fan_in + fan_out))


def _std(formula):
    """An oracle from two formulas, of the shape, for Kaiming's and for Xavier's weights."""

    def oracle(shape, method):
        return float(formula[method == "xavier"](tuple(shape)))

    return oracle


def _kaiming(shape):
    return math.sqrt(2 / _fans(shape)[0])


def _xavier(shape):
    return math.sqrt(2 / sum(_fans(shape)))


def _cases_weight_std(draw):
    for method in ("kaiming", "xavier"):
        a, b, c, d = draw.distinct(4, 2, 9)
        yield case((a + 10, b), method)
        yield case((a, b + 10, c, d), method)
        yield case((d, c), method)
    yield case((1, c), "xavier")
    yield case((b, 3, a), "kaiming")
    yield case((b, 3, a, d, 2), "xavier")


def _without_kernel(shape):
    return shape[:2]


weight_std = Task(
    "weight_std",
    _std((_kaiming, _xavier)),
    cases=_cases_weight_std,
    lecture=LECTURE,
    section=FIRST,
    formula=_weight_std_read,
    misunderstandings=mistakes(
        FIRST,
        [
            (
                "a kernel of one pixel",
                "Each output reads kH * kW values of each channel: multiply them in.",
                (lambda s: _kaiming(s[:2]), lambda s: _xavier(s[:2])),
            ),
            (
                "Kaiming's without the 2",
                "The rectifier takes half of the signal away: variance 2 / fan_in makes up for it.",
                (lambda s: math.sqrt(1 / _fans(s)[0]), _xavier),
            ),
            (
                "Kaiming's for tanh",
                "For the rectifier the gain is the square root of 2.",
                (lambda s: 5 / 3 / math.sqrt(_fans(s)[0]), _xavier),
            ),
            (
                "the fan-out in place of the fan-in",
                "An output is a sum over what it reads: shape[1] and the kernel.",
                (lambda s: math.sqrt(2 / _fans(s)[1]), _xavier),
            ),
            (
                "Xavier's with the fan-in alone",
                "Xavier takes the mean of fan-in and fan-out.",
                (_kaiming, lambda s: math.sqrt(1 / _fans(s)[0])),
            ),
            (
                "Xavier's without the 2",
                "The mean of the fans is (fan_in + fan_out) / 2: the 2 goes to the top.",
                (_kaiming, lambda s: math.sqrt(1 / sum(_fans(s)))),
            ),
            (
                "Xavier's bound",
                "6 gives the end of the uniform distribution; its deviation has 2.",
                (_kaiming, lambda s: math.sqrt(6 / sum(_fans(s)))),
            ),
            (
                "the bounds of uniform distributions",
                "The deviation is the bound divided by the square root of 3.",
                (
                    lambda s: math.sqrt(3) * _kaiming(s),
                    lambda s: math.sqrt(3) * _xavier(s),
                ),
            ),
            (
                "the methods in each other's place",
                "Kaiming: 2 / fan_in. Xavier: 2 / (fan_in + fan_out).",
                (_xavier, _kaiming),
            ),
            (
                "the number of all weights in place of the fans",
                "What counts is how many values one output reads.",
                (
                    lambda s: math.sqrt(2 / math.prod(s)),
                    lambda s: math.sqrt(2 / math.prod(s)),
                ),
            ),
            (
                "a Xavier with a kernel in its fan-in alone",
                "One input reaches out_channels * kH * kW outputs: the kernel counts twice.",
                (_kaiming, lambda s: math.sqrt(2 / (_fans(s)[0] + s[0]))),
            ),
        ],
        _std,
    ),
)


# A loop with three bugs


def _epoch(**bugs):
    """One epoch of the loop, with some things done wrong."""

    def oracle(weight, bias, x, y, lr, momentum, batch_size):
        parameters = _tensors(weight, bias)
        x, y = _tensors(x, y)
        velocities = [torch.zeros_like(p) for p in parameters]
        gradients = [torch.zeros_like(p) for p in parameters]
        stop = len(x) - len(x) % batch_size if "whole" in bugs else len(x)
        for start in range(0, stop, batch_size):
            if "first" in bugs and start:
                break
            chosen = slice(start, start + batch_size)
            leaves = [p.detach().requires_grad_() for p in parameters]
            scores = x[chosen] @ leaves[0].T + leaves[1]
            if "twice" in bugs:
                scores = scores.softmax(1)
            loss = F.cross_entropy(scores, y[chosen], reduction=bugs.get("reduction", "mean"))
            fresh = torch.autograd.grad(loss, leaves)
            kept = gradients if "kept" in bugs else [0, 0]
            gradients = [old + new for old, new in zip(kept, fresh, strict=True)]
            if "anew" in bugs:
                velocities = [torch.zeros_like(p) for p in parameters]
            share = 1 - momentum if "share" in bugs else 1
            velocities = [
                momentum * v + share * g for v, g in zip(velocities, gradients, strict=True)
            ]
            steps = velocities
            if "nesterov" in bugs:
                steps = [g + momentum * v for g, v in zip(gradients, velocities, strict=True)]
            rate = -lr if "uphill" in bugs else lr
            parameters = [p - rate * s for p, s in zip(parameters, steps, strict=True)]
            if "weight" in bugs:
                parameters[1] = torch.from_numpy(bias.copy())
            if "bias" in bugs:
                parameters[0] = torch.from_numpy(weight.copy())
        return tuple(p.numpy() for p in parameters)

    return oracle


def _train_epoch_read(weight, bias, x, y, lr, momentum, batch_size):
    v_weight, v_bias = np.zeros_like(weight), np.zeros_like(bias)
    for start in range(0, len(x), batch_size):
        batch, classes = x[start : start + batch_size], y[start : start + batch_size]
        scores = batch @ weight.T + bias
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        grad = (p - np.eye(len(bias))[classes]) / len(batch)
        v_weight, v_bias = momentum * v_weight + grad.T @ batch, momentum * v_bias + grad.sum(0)
        weight, bias = weight - lr * v_weight, bias - lr * v_bias
    return weight, bias


def _cases_train_epoch(draw):
    K, D = draw.distinct(2, 2, 6)

    def drawn(pictures, batch_size, lr, momentum, dtype="float64", D=D):
        y = np.array([draw.integer(0, K - 1) for _ in range(pictures)])
        arrays = [draw.normal(*shape, dtype=dtype) for shape in ((K, D), (K,), (pictures, D))]
        return case(*arrays, y, lr, momentum, batch_size)

    yield drawn(4, 4, 0.5, 0.9)
    yield drawn(8, 4, 0.5, 0.0)
    yield drawn(draw.choice(7, 8), 3, draw.choice(0.2, 0.3), 0.9)
    yield drawn(11, draw.choice(2, 4), 0.1, draw.choice(0.5, 0.8))
    yield drawn(1, 1, 0.5, 0.5, D=1)
    yield drawn(6, 2, 0.25, 0.9, "float32")
    yield drawn(5, 9, 0.4, 0.5)


BUGS = {
    "kept": ("gradients that are never set to zero", "set the gradients to zero in each step"),
    "twice": ("a softmax before the cross-entropy", "F.cross_entropy takes the scores"),
    "anew": ("a velocity that starts anew in each step", "make the velocities before the loop"),
}
_combinations = [
    *(([bug], f"{BUGS[bug][0]}") for bug in BUGS),
    *(
        (list(two), " and ".join(BUGS[bug][0] for bug in two))
        for two in itertools.combinations(BUGS, 2)
    ),
    (list(BUGS), "the loop as it was, with its three bugs"),
]


def _sentence(bugs):
    text = "; ".join(BUGS[bug][1] for bug in bugs)
    return f"{text[0].upper()}{text[1:]}."


train_epoch = Task(
    "train_epoch",
    _epoch(),
    cases=_cases_train_epoch,
    formula=_train_epoch_read,
    lecture=LECTURE,
    section=STEP,
    torch=True,
    names=("weight", "bias"),
    misunderstandings=[
        *mistakes(
            STEP,
            [
                (name, _sentence(bugs), _epoch(**dict.fromkeys(bugs, True)))
                for bugs, name in _combinations
            ],
        ),
        *mistakes(
            STEP,
            [
                (
                    "steps uphill",
                    "The gradient points where the loss grows: subtract.",
                    _epoch(uphill=True),
                ),
                (
                    "an epoch without its last, smaller batch",
                    "The last batch may be smaller; it counts too.",
                    _epoch(whole=True),
                ),
                (
                    "one step in place of an epoch",
                    "Return after the loop, not in it.",
                    _epoch(first=True),
                ),
                (
                    "a loss that is summed over the batch",
                    "F.cross_entropy means over the batch, as it stands.",
                    _epoch(reduction="sum"),
                ),
                (
                    "a momentum that averages",
                    "The gradient goes into the velocity whole, not times 1 - momentum.",
                    _epoch(share=True),
                ),
                (
                    "Nesterov's momentum",
                    "The step is lr times the velocity, with nothing looked ahead.",
                    _epoch(nesterov=True),
                ),
                ("a bias that stays", "Both parameters take a step.", _epoch(weight=True)),
                ("a weight that stays", "Both parameters take a step.", _epoch(bias=True)),
            ],
        ),
    ],
)


# Pictures that move


def _augment_read(images, rows, columns, mirror):
    moved = np.zeros_like(images)
    H, W = images.shape[2:]
    for n in range(len(images)):
        image = images[n, :, :, ::-1] if mirror[n] else images[n]
        for i, j in np.ndindex(H, W):
            if 0 <= i + rows[n] < H and 0 <= j + columns[n] < W:
                moved[n, :, i + rows[n], j + columns[n]] = image[:, i, j]
    return moved


def _augmented(move, mirrored=lambda x: x.flip(2), order=("mirror", "move")):
    """An oracle from how one picture (C, H, W) is moved and mirrored."""

    def oracle(images, rows, columns, mirror):
        pictures = []
        for index, x in enumerate(*_tensors(images)):
            for step in order:
                if step == "move":
                    x = move(x, int(rows[index]), int(columns[index]))
                elif mirror[index]:
                    x = mirrored(x)
            pictures.append(x)
        return torch.stack(pictures).numpy()

    return oracle


def _move(x, rows, columns, mode="constant"):
    """Cut the picture out of a wider one, moved against the motion."""
    height, width = x.shape[1:]
    edges = (width, width, height, height)
    wide = F.pad(x, edges) if mode == "constant" else F.pad(x[None], edges, mode)[0]
    return wide[:, height - rows : 2 * height - rows, width - columns : 2 * width - columns]


def _cases_augment(draw):
    def drawn(N, C, H, W, rows, columns, mirrored, dtype="float64"):
        images = draw.normal(N, C, H, W, dtype=dtype)
        return case(images, np.array(rows), np.array(columns), np.array(mirrored))

    yield drawn(1, 1, 3, 4, [1], [0], [False])
    yield drawn(2, 1, 3, 4, [0, 0], [draw.choice(-1, -2), 1], [False, False])
    yield drawn(2, 1, 2, 3, [0, 0], [0, 0], [True, False])
    yield drawn(2, 1, 1, 1, [0, 1], [0, 0], [True, False])
    N, C, H, W = draw.distinct(4, 3, 7)
    rows = [draw.integer(1, 2) * draw.choice(-1, 1) for _ in range(N)]
    columns = [draw.integer(1, 2) * draw.choice(-1, 1) for _ in range(N)]
    mirrored = [bool(i % 2) for i in range(N)]
    yield drawn(N, C, H, W, rows, columns, mirrored)
    yield drawn(3, 2, 5, 4, [-2, 0, 1], [1, -1, 2], [True, True, False], "float32")
    yield drawn(3, 1, 3, 5, [2, -2, 0], [-4, 3, 1], [False, False, True])


augment = Task(
    "augment",
    _augmented(_move),
    cases=_cases_augment,
    lecture=LECTURE,
    section=MOVED,
    formula=_augment_read,
    misunderstandings=mistakes(
        MOVED,
        [
            (
                "a picture that comes in again on the other side",
                "np.roll wraps around: what comes in must be zero.",
                _augmented(lambda x, r, c: x.roll((r, c), (1, 2))),
            ),
            (
                "pictures mirrored upside down",
                "Left and right change places: turn the last axis around.",
                _augmented(_move, lambda x: x.flip(1)),
            ),
            (
                "pictures turned by half a turn",
                "Turn the last axis around and leave the rows.",
                _augmented(_move, lambda x: x.flip(1, 2)),
            ),
            (
                "pictures that are moved first and mirrored then",
                "Mirror first: the moves are those of the finished picture.",
                _augmented(_move, order=("move", "mirror")),
            ),
            (
                "pictures that are never mirrored",
                "Where mirror is true, turn the picture's columns around.",
                _augmented(_move, lambda x: x),
            ),
            (
                "pictures that are never moved",
                "Move each by its rows and columns.",
                _augmented(lambda x, r, c: x),
            ),
            (
                "pictures that move up and down only",
                "Move them by their columns too.",
                _augmented(lambda x, r, c: _move(x, r, 0)),
            ),
            (
                "pictures that move left and right only",
                "Move them by their rows too.",
                _augmented(lambda x, r, c: _move(x, 0, c)),
            ),
            (
                "a border that is drawn out",
                "What comes in must be zero, not the nearest pixel.",
                _augmented(lambda x, r, c: _move(x, r, c, "replicate")),
            ),
        ],
    ),
)


# A net of one's own

design = DesignTask("design", lecture=LECTURE, section=NET)
