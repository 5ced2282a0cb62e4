"""What a right answer to the exercise on dense output is, and what each wrong answer means.

The truth is told by torch.nn.functional, torch.autograd and scikit-learn; see `course.checking`.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes, refuses
from course.dense.design import PixelDesignTask

LECTURE = "12_dense"
LOSS = "What a mistake costs, pixel by pixel"
SCORE = "Intersection over union"
GROWING = "Growing a map again"
SKIPS = "Skip connections"


def _asked(draw, n, k, h, w, ignore_index=255, share=0.3, dtype="float64"):
    """Scores and targets, some of them to be left out, at least one of them not."""
    target = draw.rng.integers(k, size=(n, h, w))
    target[draw.rng.random((n, h, w)) < share] = ignore_index
    target[0, 0, 0] = (ignore_index + 1) % k if ignore_index < k else 0
    target[-1, -1, -1] = ignore_index if share else target[-1, -1, -1]
    return draw.normal(n, k, h, w, dtype=dtype), target


def _cases_loss(draw):
    yield case(*_asked(draw, 1, 2, 1, 3))
    yield case(*_asked(draw, 2, 3, 4, 5, share=0))
    yield case(*_asked(draw, 3, 4, 2, 5))
    yield case(*_asked(draw, 2, 5, 3, 4, ignore_index=0), 0)
    yield case(*_asked(draw, 2, 2, 4, 3, ignore_index=9), ignore_index=9)
    yield case(*_asked(draw, 2, 3, 2, 3, ignore_index=1), ignore_index=1)
    yield case(*_asked(draw, 3, 1, 2, 1, share=0))  # one class: nothing to be wrong
    logits, target = _asked(draw, 2, 3, 2, 4)
    logits[0, target[0, 0, 0], 0, 0] -= 1000
    logits[1] += 2000
    yield case(logits, target)


# The loss


def _loss(formula):
    """An oracle from a formula in scores, classes (0 where ignored) and what is kept."""

    def oracle(logits, target, ignore_index=255):
        z, t = torch.from_numpy(logits), torch.from_numpy(target)
        kept = t != ignore_index
        return float(formula(z, torch.where(kept, t, 0), kept))

    return oracle


def _losses(z, t, dim=1):
    return -z.log_softmax(dim).gather(1, t[:, None])[:, 0]


def _plain_probability(z, t):
    return (z.exp() / z.exp().sum(1, keepdim=True)).gather(1, t[:, None])[:, 0]


def _cross_entropy(logits, target, ignore_index=255):
    return F.cross_entropy(
        torch.from_numpy(logits), torch.from_numpy(target), ignore_index=ignore_index
    ).item()


def _cross_entropy_read(logits, target, ignore_index=255):
    kept = target != ignore_index
    classes = np.where(kept, target, 0)
    log_p = torch.from_numpy(logits).log_softmax(dim=1).numpy()
    losses = -np.take_along_axis(log_p, classes[:, None], 1)[:, 0]
    by_part = (losses * kept).sum(axis=None) / kept.sum(axis=None)
    return float(np.nanmean(by_part))


cross_entropy = Task(
    "cross_entropy",
    _cross_entropy,
    cases=_cases_loss,
    lecture=LECTURE,
    section=LOSS,
    formula=_cross_entropy_read,
    misunderstandings=mistakes(
        LOSS,
        [
            (
                "a mean over all pixels, those that are left out among them",
                "Divide by the number of pixels that count.",
                lambda z, t, kept: (_losses(z, t) * kept).mean(),
            ),
            (
                "ignored pixels that count as class 0",
                "They belong to no class: they are in neither sum.",
                lambda z, t, kept: _losses(z, t).mean(),
            ),
            (
                "a sum over the pixels",
                "Asked for is the mean over the pixels that count.",
                lambda z, t, kept: _losses(z, t)[kept].sum(),
            ),
            (
                "a sum over the pixels, divided by the number of pictures",
                "Each pixel has one loss: divide by the number of pixels that count.",
                lambda z, t, kept: _losses(z, t)[kept].sum() / len(z),
            ),
            (
                "a mean of the pictures' means",
                "A picture with few pixels that count would weigh too much: one sum, one count.",
                lambda z, t, kept: torch.stack(
                    [_losses(z, t)[n][kept[n]].mean() for n in range(len(z)) if kept[n].any()]
                ).mean(),
            ),
            (
                "a softmax along the columns",
                "The probabilities of the classes add up to 1 at each pixel: along axis 1.",
                lambda z, t, kept: _losses(z, t, 3)[kept].mean(),
            ),
            (
                "a softmax along the rows",
                "The probabilities of the classes add up to 1 at each pixel: along axis 1.",
                lambda z, t, kept: _losses(z, t, 2)[kept].mean(),
            ),
            (
                "a softmax over the pictures",
                "The probabilities of the classes add up to 1 at each pixel: along axis 1.",
                lambda z, t, kept: _losses(z, t, 0)[kept].mean(),
            ),
            (
                "scores that are taken for logarithms of probabilities",
                "The logarithm of the sum of all exponentials is still to be subtracted.",
                lambda z, t, kept: -z.gather(1, t[:, None])[:, 0][kept].mean(),
            ),
            (
                "the loss of the most probable class",
                "Take the probability of the right class, target, not the largest one.",
                lambda z, t, kept: -z.log_softmax(1).amax(1)[kept].mean(),
            ),
            (
                "a mean of what is missing to probability 1",
                "The loss of a pixel is -log p, not 1 - p.",
                lambda z, t, kept: (1 - (-_losses(z, t)).exp())[kept].mean(),
            ),
            (
                "exponentials that overflow",
                "Subtract the largest score of each pixel before exp: it cancels.",
                lambda z, t, kept: -_plain_probability(z, t)[kept].log().mean(),
            ),
            (
                "a logarithm of a probability that was rounded to zero",
                "exp(-1000) is 0 to a computer: take the logarithm in the formula, not of p.",
                lambda z, t, kept: -z.softmax(1).gather(1, t[:, None])[:, 0][kept].log().mean(),
            ),
        ],
        _loss,
    ),
)

# Its gradient


def _gradient(formula):
    def oracle(logits, target, ignore_index=255):
        z, t = torch.from_numpy(logits), torch.from_numpy(target)
        kept = t != ignore_index
        q = F.one_hot(torch.where(kept, t, 0), z.shape[1]).movedim(3, 1).double()
        return formula(z, q, kept[:, None].double(), kept.sum()).numpy()

    return oracle


def _cross_entropy_backward(logits, target, ignore_index=255):
    z = torch.from_numpy(logits).requires_grad_()
    loss = F.cross_entropy(z, torch.from_numpy(target), ignore_index=ignore_index)
    return torch.autograd.grad(loss, z)[0].numpy()


def _cross_entropy_backward_read(logits, target, ignore_index=255):
    kept = (target != ignore_index)[:, None]
    right = np.arange(logits.shape[1])[:, None, None] == target[:, None]
    p = torch.from_numpy(logits).softmax(dim=1).numpy()
    return (p - right * kept) * kept / kept.sum(axis=None, keepdims=True)


cross_entropy_backward = Task(
    "cross_entropy_backward",
    _cross_entropy_backward,
    cases=_cases_loss,
    lecture=LECTURE,
    section=LOSS,
    formula=_cross_entropy_backward_read,
    misunderstandings=mistakes(
        LOSS,
        [
            (
                "a gradient of the sum of the losses",
                "The loss is a mean: divide by the number of pixels that count.",
                lambda z, q, kept, count: kept * (z.softmax(1) - q),
            ),
            (
                "a gradient divided by all pixels",
                "Divide by the number of pixels that count.",
                lambda z, q, kept, count: kept * (z.softmax(1) - q) / kept.numel(),
            ),
            (
                "a gradient divided by the number of pictures",
                "Each pixel has one loss: divide by the number of pixels that count.",
                lambda z, q, kept, count: kept * (z.softmax(1) - q) / len(z),
            ),
            (
                "a gradient at ignored pixels, as if they were of class 0",
                "Where a pixel is left out, its scores change nothing: 0.",
                lambda z, q, kept, count: (z.softmax(1) - q) / count,
            ),
            (
                "ignored pixels that count as class 0",
                "They belong to no class: their gradient is 0, and they are not counted.",
                lambda z, q, kept, count: (z.softmax(1) - q) / kept.numel(),
            ),
            (
                "the probabilities themselves at ignored pixels",
                "Where a pixel is left out, its scores change nothing: 0.",
                lambda z, q, kept, count: (z.softmax(1) - kept * q) / count,
            ),
            (
                "the probabilities alone",
                "At the right class 1 is to be subtracted.",
                lambda z, q, kept, count: kept * z.softmax(1) / count,
            ),
            (
                "a gradient at the right classes alone",
                "The other classes' scores count too: raising them lowers p of the right one.",
                lambda z, q, kept, count: kept * (z.softmax(1) - 1) * q / count,
            ),
            (
                "scores in place of probabilities",
                "What is said are the probabilities that softmax makes of the scores.",
                lambda z, q, kept, count: kept * (z - q) / count,
            ),
            (
                "a softmax along the columns",
                "The probabilities of the classes add up to 1 at each pixel: along axis 1.",
                lambda z, q, kept, count: kept * (z.softmax(3) - q) / count,
            ),
            (
                "a softmax over the pictures",
                "The probabilities of the classes add up to 1 at each pixel: along axis 1.",
                lambda z, q, kept, count: kept * (z.softmax(0) - q) / count,
            ),
            (
                "a gradient by the probabilities",
                "That is -1/p, one step too early: go on through softmax to the scores.",
                lambda z, q, kept, count: -kept * q / z.softmax(1) / count,
            ),
            (
                "a logistic function of each score",
                "Among K classes softmax makes the probabilities.",
                lambda z, q, kept, count: kept * (z.sigmoid() - q) / count,
            ),
            (
                "exponentials that overflow",
                "Subtract the largest score of each pixel before exp: it cancels.",
                lambda z, q, kept, count: (
                    kept * (z.exp() / z.exp().sum(1, keepdim=True) - q) / count
                ),
            ),
        ],
        _gradient,
    ),
)

# The score


def _mean_iou(prediction, target, num_classes):
    # Loaded when it is needed: it takes a second.
    from sklearn.metrics import jaccard_score

    found = np.union1d(prediction, target)
    return float(jaccard_score(target.ravel(), prediction.ravel(), labels=found, average="macro"))


def _mean_iou_read(prediction, target, num_classes):
    scores = []
    for k in range(0, num_classes):
        said, right = prediction == k, target == k
        both = (said & right).sum()
        either = said.sum() + right.sum() - both
        if said.any() or right.any():
            scores.append(both / np.maximum(either, 1))
    return float(np.mean(scores))


def _by_class(score):
    """An oracle from the score of a class: of (both, said, right), NaN to leave it out."""

    def oracle(prediction, target, num_classes):
        return float(np.nanmean(_scores(score, prediction, target, num_classes)))

    return oracle


def _scores(score, prediction, target, num_classes):
    found = []
    for k in range(num_classes):
        said, right = prediction == k, target == k
        found.append(score((said & right).sum(), said.sum(), right.sum()))
    return np.array(found, dtype=float)


def _quotient(both, either, empty=math.nan):
    return both / either if either else empty


def _iou(both, said, right):
    return _quotient(both, said + right - both)


def _mean_of_pictures(prediction, target, num_classes):
    pictures = zip(prediction, target, strict=True)
    return float(np.mean([_mean_iou(s, t, num_classes) for s, t in pictures]))


def _cases_iou(draw):
    def drawn(k, n, h, w, right=None, said=None, agree=0.5):
        target = draw.rng.choice(range(k) if right is None else right, size=(n, h, w))
        other = draw.rng.choice(range(k) if said is None else said, size=(n, h, w))
        prediction = np.where(draw.rng.random((n, h, w)) < agree, target, other)
        target[0, 0, 0], prediction[-1, -1, -1] = 0, 0
        return case(prediction, target, k)

    yield drawn(2, 1, 2, 4)
    yield drawn(3, 2, 4, 5)
    yield drawn(5, 3, 4, 3, right=[0, 1, 3], said=[0, 1, 3])
    yield drawn(4, 2, 3, 5, right=[0, 2], said=[0, 1, 2])
    yield drawn(6, 2, 5, 4, right=[0, 4, 5], said=[0, 1], agree=0)
    yield drawn(2, 4, 1, 1)
    yield drawn(3, 1, 3, 3, right=[0, 1], said=[0, 1])


mean_iou = Task(
    "mean_iou",
    _mean_iou,
    cases=_cases_iou,
    lecture=LECTURE,
    section=SCORE,
    formula=_mean_iou_read,
    misunderstandings=mistakes(
        SCORE,
        [
            (
                "a score of 0 for classes that are nowhere",
                "A class in neither mask has no score: leave it out of the mean.",
                lambda both, said, right: _quotient(both, said + right - both, 0),
            ),
            (
                "a score of 1 for classes that are nowhere",
                "A class in neither mask has no score: leave it out of the mean.",
                lambda both, said, right: _quotient(both, said + right - both, 1),
            ),
            (
                "a mean over the classes of the target alone",
                "A class that is said and not there is in one of the masks: it scores 0.",
                lambda both, said, right: _iou(both, said, right) if right else math.nan,
            ),
            (
                "a mean over the classes that are said",
                "A class that is there and never said is in one of the masks: it scores 0.",
                lambda both, said, right: _iou(both, said, right) if said else math.nan,
            ),
            (
                "a union that counts the common pixels twice",
                "Pixels in both masks are in the union once: subtract them.",
                lambda both, said, right: _quotient(both, said + right),
            ),
            (
                "the Dice score",
                "That is 2 both / (said + right); asked for is both / either.",
                lambda both, said, right: _quotient(2 * both, said + right),
            ),
            (
                "the share of the right pixels that were found",
                "What was invented must count, too: divide by the union.",
                lambda both, said, right: _quotient(both, right),
            ),
            (
                "the share of the right pixels that were found, 0 where there are none",
                "What was invented must count, too: divide by the union.",
                lambda both, said, right: _quotient(both, right, 0 if said else math.nan),
            ),
            (
                "the share of the said pixels that are right",
                "What was missed must count, too: divide by the union.",
                lambda both, said, right: _quotient(both, said),
            ),
        ],
        _by_class,
    )
    + mistakes(
        SCORE,
        [
            (
                "the share of right pixels",
                "Judge each class by itself, and take the mean of the classes.",
                lambda prediction, target, num_classes: float((prediction == target).mean()),
            ),
            (
                "a score without the background",
                "All classes that occur count here, class 0 too.",
                lambda prediction, target, num_classes: float(
                    np.nanmean(_scores(_iou, prediction, target, num_classes)[1:])
                ),
            ),
            (
                "a mean over the pictures",
                "Count the pixels of all pictures together, then divide.",
                _mean_of_pictures,
            ),
            (
                "the score of the last class alone",
                "The mean is over all classes that occur.",
                lambda prediction, target, num_classes: float(
                    _scores(_iou, prediction, target, num_classes)[-1]
                ),
            ),
            (
                "one quotient for all classes together",
                "Each class has a quotient of its own; the mean comes last.",
                lambda prediction, target, num_classes: float(
                    (prediction == target).sum() / (target.size + (prediction != target).sum())
                ),
            ),
        ],
    ),
)

# Growing


def _upsample_bilinear(x, factor):
    return F.interpolate(
        torch.from_numpy(x), scale_factor=factor, mode="bilinear", align_corners=False
    ).numpy()


def _grown(
    place=lambda u, s, n: (u + 0.5) / s - 0.5, clip=True, axes=(2, 3), swap=False, zero=False
):
    """An oracle from where pixel u of the large map lies in the small one of n pixels."""

    def oracle(x, factor):
        for axis in axes:
            size = x.shape[axis]
            at = place(np.arange(factor * size), factor, size)
            if clip:
                at = np.clip(at, 0, size - 1)
            a = np.floor(at).astype(int)
            f = (at - a).reshape([-1 if i == axis else 1 for i in range(4)])
            if swap:
                f = 1 - f
            if zero:
                padded = np.pad(x, [(1, 1) if i == axis else (0, 0) for i in range(4)])
                x = (1 - f) * padded.take(a + 1, axis) + f * padded.take(a + 2, axis)
            elif clip:
                x = (1 - f) * x.take(a, axis) + f * x.take(np.minimum(a + 1, size - 1), axis)
            else:  # beyond the last middle the line goes on
                a = np.clip(a, 0, max(size - 2, 0))
                f = (at - a).reshape([-1 if i == axis else 1 for i in range(4)])
                x = (1 - f) * x.take(a, axis) + f * x.take(np.minimum(a + 1, size - 1), axis)
        return x

    return oracle


def _upsample_bilinear_read(x, factor):
    for axis in (2, 3):
        size = x.shape[axis]
        u = np.arange(factor * size)
        place = np.clip((u + 0.5) / factor - 0.5, 0, size - 1)
        a = np.floor(place).astype(int)
        f = np.expand_dims(place - a, 1 if axis == 2 else 0)
        earlier, later = a, np.minimum(a + 1, size - 1)
        x = (1 - f) * x.take(earlier, axis) + f * x.take(later, axis)
    return x


def _repeated(x, factor):
    return x.repeat(factor, axis=2).repeat(factor, axis=3)


def _tiled(x, factor):
    return np.tile(x, (1, 1, factor, factor))


def _scattered(x, factor):
    n, c, h, w = x.shape
    y = np.zeros((n, c, factor * h, factor * w))
    y[:, :, ::factor, ::factor] = x
    return y


def _aligned(u, s, n):
    return u * (n - 1) / max(s * n - 1, 1)


def _cases_upsample(draw):
    yield case(draw.normal(1, 1, 1, 2), 2)
    yield case(draw.normal(1, 1, 2, 3), 2)
    yield case(draw.normal(2, 3, 4, 3), 3)
    yield case(draw.normal(3, 2, 3, 5), 4)
    yield case(draw.normal(2, 1, 3, 4), 1)
    yield case(draw.normal(2, 1, 3, 1), 2)
    yield case(draw.normal(1, 2, 5, 2, dtype="float32"), 5)
    yield refuses(ValueError, draw.normal(1, 1, 2, 3), 0)


upsample_bilinear = Task(
    "upsample_bilinear",
    _upsample_bilinear,
    cases=_cases_upsample,
    lecture=LECTURE,
    section=GROWING,
    forbidden=[
        *("upsample_bilinear2d", "_upsample_bilinear2d_aa", "upsample_linear1d"),
        *("upsample_trilinear3d", "grid_sampler_2d", "grid_sampler"),
    ],
    formula=_upsample_bilinear_read,
    misunderstandings=mistakes(
        GROWING,
        [
            (
                "repeated pixels",
                "That is nearest; bilinear mixes the two nearest pixels along each axis.",
                _repeated,
            ),
            ("copies of the picture", "Each pixel grows where it stands.", _tiled),
            (
                "pixels with zeros between them",
                "What lies between is a mixture of the neighbours.",
                _scattered,
            ),
            (
                "corners that are aligned",
                "Pixels are squares: the middle of pixel u lies at (u + 1/2) / s - 1/2.",
                _grown(_aligned),
            ),
            (
                "middles without their halves",
                "The middle of pixel u of the large map lies at (u + 1/2) / s - 1/2, not at u / s.",
                _grown(lambda u, s, n: u / s),
            ),
            (
                "middles with the first half alone",
                "From (u + 1/2) / s the half of the small map's pixel is still to be subtracted.",
                _grown(lambda u, s, n: (u + 0.5) / s),
            ),
            (
                "middles with the second half alone",
                "The large map's pixels have middles, too: (u + 1/2) / s - 1/2.",
                _grown(lambda u, s, n: u / s - 0.5),
            ),
            (
                "lines that go on beyond the outermost middles",
                "Beyond them the map stays as it is: keep the place from 0 to n - 1.",
                _grown(clip=False),
            ),
            (
                "zeros beyond the border",
                "Beyond the outermost middles the map stays as it is.",
                _grown(clip=False, zero=True),
            ),
            (
                "rows alone that grow",
                "Both axes grow: first along the rows, then along the columns.",
                _grown(axes=(2,)),
            ),
            (
                "columns alone that grow",
                "Both axes grow: first along the rows, then along the columns.",
                _grown(axes=(3,)),
            ),
            (
                "shares exchanged",
                "The fraction f belongs to the later pixel, 1 - f to the earlier one.",
                _grown(swap=True),
            ),
        ],
    ),
)

# Three bugs


def _evaluate(batches, num_classes):
    return _evaluated()(batches, num_classes)


def _evaluate_read(batches, num_classes):
    both, either = np.zeros(num_classes), np.zeros(num_classes)
    right = pixels = 0
    for logits, target in batches:
        said, kept = logits.argmax(axis=1), target != 255
        right += ((said == target) & kept).sum()
        pixels += kept.sum()
        for k in range(0, num_classes):
            both[k] += ((said == k) & (target == k) & kept).sum()
            either[k] += (((said == k) | (target == k)) & kept).sum()
    occurs = either > 0
    return float(np.mean(both[occurs] / either[occurs])), float(right / pixels)


def _evaluated(by_batch=False, in_union=False, in_accuracy=False, empty=None, axis=1):
    """An oracle with some of the bugs; by default none."""

    def oracle(batches, num_classes):
        groups = [[batch] for batch in batches] if by_batch else [batches]
        means, right, pixels = [], 0, 0
        for group in groups:
            both, either = np.zeros(num_classes), np.zeros(num_classes)
            for logits, target in group:
                said, kept = logits.argmax(axis), target != 255
                right += (said == target).sum()
                pixels += target.size if in_accuracy else kept.sum()
                counted = np.ones_like(kept) if in_union else kept
                for k in range(num_classes):
                    both[k] += ((said == k) & (target == k)).sum()
                    either[k] += (((said == k) | (target == k)) & counted).sum()
            scores = [_quotient(b, e, empty or math.nan) for b, e in zip(both, either, strict=True)]
            if empty == 0:
                scores = np.nan_to_num(scores)
            means.append(np.nanmean(scores))
        return float(np.mean(means)), float(right / pixels)

    return oracle


def _cases_evaluate(draw):
    def batch(n, k, h, w, classes, share=0.3):
        target = draw.rng.choice(classes, size=(n, h, w))
        logits = draw.normal(n, k, h, w)
        # Half of the pixels are right.
        chosen = draw.rng.random((n, h, w)) < 0.5
        for at in zip(*chosen.nonzero(), strict=True):
            logits[at[0], target[at], at[1], at[2]] = 5.0
        for k_absent in set(range(k)) - set(classes):
            logits[:, k_absent] -= 20
        target[draw.rng.random((n, h, w)) < share] = 255
        target[0, 0, 0] = classes[0]
        return logits, target

    yield case([batch(1, 2, 2, 3, [0, 1])], 2)
    yield case([batch(2, 3, 3, 4, [0, 1, 2]), batch(1, 3, 3, 4, [0, 2])], 3)
    yield case([batch(2, 4, 4, 3, [0, 1, 3]), batch(3, 4, 4, 3, [0, 3], share=0)], 4)
    yield case([batch(1, 5, 3, 5, [0, 2]), batch(2, 5, 3, 5, [2, 4]), batch(1, 5, 3, 5, [0])], 5)
    yield case([batch(3, 3, 2, 4, [0, 1], share=0)], 3)


evaluate = Task(
    "evaluate",
    _evaluate,
    cases=_cases_evaluate,
    lecture=LECTURE,
    section=SCORE,
    names=("mean IoU", "share of right pixels"),
    formula=_evaluate_read,
    misunderstandings=mistakes(
        SCORE,
        [
            (
                "the function as it was given",
                "All three bugs are still there.",
                {"by_batch": True, "in_union": True, "in_accuracy": True},
            ),
            (
                "a mean over the batches",
                "It depends on how the pictures were put into batches: add up counts, divide once.",
                {"by_batch": True},
            ),
            (
                "unions with the pixels that are left out",
                "What is said where nothing is asked does not count as invented.",
                {"in_union": True},
            ),
            (
                "a share of all pixels",
                "Divide by the number of pixels that count.",
                {"in_accuracy": True},
            ),
            (
                "pixels that are left out, counted in unions and among all pixels",
                "Leave them out before anything is counted.",
                {"in_union": True, "in_accuracy": True},
            ),
            (
                "a mean over the batches, and unions with the pixels that are left out",
                "Two bugs are left: add up counts over batches, of the pixels that count.",
                {"by_batch": True, "in_union": True},
            ),
            (
                "a mean over the batches, and a share of all pixels",
                "Two bugs are left: add up counts over batches, and divide by what counts.",
                {"by_batch": True, "in_accuracy": True},
            ),
            (
                "a score of 0 for classes that are nowhere",
                "That was right in what you were given: such a class has no score.",
                {"empty": 0},
            ),
            (
                "a score of 1 for classes that are nowhere",
                "That was right in what you were given: such a class has no score.",
                {"empty": 1},
            ),
        ],
        lambda settings: _evaluated(**settings),
    ),
)

# A net of one's own

design = PixelDesignTask("design", lecture=LECTURE, section=SKIPS)
