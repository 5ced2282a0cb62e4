import numpy as np


def _evaluate(batches, num_classes, by_batch, in_union, in_accuracy, empty=None):
    groups = [[batch] for batch in batches] if by_batch else [batches]
    means, right, pixels = [], 0, 0
    for group in groups:
        both, either = np.zeros(num_classes), np.zeros(num_classes)
        for logits, target in group:
            said, asked = logits.argmax(axis=1), target != 255
            right += (said == target).sum()
            pixels += target.size if in_accuracy else asked.sum()
            for k in range(num_classes):
                both[k] += ((said == k) & (target == k)).sum()
                union = (said == k) | (target == k)
                either[k] += union.sum() if in_union else (union & asked).sum()
        scores = [b / e if e else empty for b, e in zip(both, either)]
        means.append(np.mean([score for score in scores if score is not None]))
    return float(np.mean(means)), float(right / pixels)


def as_given(batches, num_classes):
    """the function as it was given"""
    means, right, pixels = [], 0, 0
    for logits, target in batches:
        said = logits.argmax(axis=1)
        right += (said == target).sum()
        pixels += target.size
        scores = []
        for k in range(num_classes):
            both = ((said == k) & (target == k)).sum()
            either = ((said == k) | (target == k)).sum()
            if either:
                scores.append(both / either)
        means.append(np.mean(scores))
    return float(np.mean(means)), float(right / pixels)


def mean_of_batches(batches, num_classes):
    """a mean over the batches"""
    return _evaluate(batches, num_classes, True, False, False)


def ignored_in_unions(batches, num_classes):
    """unions with the pixels that are left out"""
    return _evaluate(batches, num_classes, False, True, False)


def ignored_in_share(batches, num_classes):
    """a share of all pixels"""
    return _evaluate(batches, num_classes, False, False, True)


def ignored_everywhere(batches, num_classes):
    """pixels that are left out, counted in unions and among all pixels"""
    return _evaluate(batches, num_classes, False, True, True)


def share_alone_mended(batches, num_classes):
    """a mean over the batches, and unions with the pixels that are left out"""
    return _evaluate(batches, num_classes, True, True, False)


def unions_alone_mended(batches, num_classes):
    """a mean over the batches, and a share of all pixels"""
    return _evaluate(batches, num_classes, True, False, True)


def absent_is_zero(batches, num_classes):
    """a score of 0 for classes that are nowhere"""
    return _evaluate(batches, num_classes, False, False, False, empty=0.0)


def absent_is_one(batches, num_classes):
    """a score of 1 for classes that are nowhere"""
    return _evaluate(batches, num_classes, False, False, False, empty=1.0)


def said_made_255(batches, num_classes):
    """a share of all pixels"""
    both, either, right, pixels = np.zeros(num_classes), np.zeros(num_classes), 0, 0
    for logits, target in batches:
        said = np.where(target == 255, 256, logits.argmax(axis=1))
        right += (said == target).sum()
        pixels += said.size
        for k in range(num_classes):
            both[k] += ((said == k) & (target == k)).sum()
            either[k] += ((said == k) | (target == k)).sum()
    return (both[either > 0] / either[either > 0]).mean(), right / pixels
