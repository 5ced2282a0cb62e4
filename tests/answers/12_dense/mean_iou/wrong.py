import numpy as np


def _counts(prediction, target, num_classes):
    for k in range(num_classes):
        said, right = prediction == k, target == k
        yield (said & right).sum(), said.sum(), right.sum()


def absent_is_zero(prediction, target, num_classes):
    """a score of 0 for classes that are nowhere"""
    scores = [b / max(s + r - b, 1) for b, s, r in _counts(prediction, target, num_classes)]
    return np.mean(scores)


def absent_is_one(prediction, target, num_classes):
    """a score of 1 for classes that are nowhere"""
    scores = [
        b / (s + r - b) if s + r else 1.0 for b, s, r in _counts(prediction, target, num_classes)
    ]
    return np.mean(scores)


def small_number_added(prediction, target, num_classes):
    """a score of 1 for classes that are nowhere"""
    eps = 1e-12
    scores = [(b + eps) / (s + r - b + eps) for b, s, r in _counts(prediction, target, num_classes)]
    return np.mean(scores)


def classes_of_target(prediction, target, num_classes):
    """a mean over the classes of the target alone"""
    return np.mean(
        [b / (s + r - b) for b, s, r in _counts(prediction, target, num_classes) if r > 0]
    )


def classes_that_are_said(prediction, target, num_classes):
    """a mean over the classes that are said"""
    return np.mean(
        [b / (s + r - b) for b, s, r in _counts(prediction, target, num_classes) if s > 0]
    )


def union_is_sum(prediction, target, num_classes):
    """a union that counts the common pixels twice"""
    return np.mean([b / (s + r) for b, s, r in _counts(prediction, target, num_classes) if s + r])


def dice(prediction, target, num_classes):
    """the Dice score"""
    return np.mean(
        [2 * b / (s + r) for b, s, r in _counts(prediction, target, num_classes) if s + r]
    )


def recall(prediction, target, num_classes):
    """the share of the right pixels that were found"""
    return np.mean([b / r for b, s, r in _counts(prediction, target, num_classes) if r])


def precision(prediction, target, num_classes):
    """the share of the said pixels that are right"""
    return np.mean([b / s for b, s, r in _counts(prediction, target, num_classes) if s])


def accuracy(prediction, target, num_classes):
    """the share of right pixels"""
    return np.mean(prediction == target)


def no_background(prediction, target, num_classes):
    """a score without the background"""
    counts = list(_counts(prediction, target, num_classes))[1:]
    return np.mean([b / (s + r - b) for b, s, r in counts if s + r])


def by_picture(prediction, target, num_classes):
    """a mean over the pictures"""
    means = []
    for one, other in zip(prediction, target):
        means.append(
            np.mean([b / (s + r - b) for b, s, r in _counts(one, other, num_classes) if s + r])
        )
    return np.mean(means)


def one_quotient(prediction, target, num_classes):
    """one quotient for all classes together"""
    both = either = 0
    for b, s, r in _counts(prediction, target, num_classes):
        both, either = both + b, either + s + r - b
    return both / either
