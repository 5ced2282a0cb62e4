import numpy as np


def _parts(logits, target, ignore_index, axis=1):
    e = np.exp(logits - logits.max(axis=axis, keepdims=True))
    p = e / e.sum(axis=axis, keepdims=True)
    kept = (target != ignore_index)[:, None]
    classes = np.where(target == ignore_index, 0, target)
    right = np.arange(logits.shape[1])[:, None, None] == classes[:, None]
    return p, right.astype(float), kept


def of_the_sum(logits, target, ignore_index=255):
    """a gradient of the sum of the losses"""
    p, right, kept = _parts(logits, target, ignore_index)
    return kept * (p - right)


def divides_by_all(logits, target, ignore_index=255):
    """a gradient divided by all pixels"""
    p, right, kept = _parts(logits, target, ignore_index)
    return kept * (p - right) / target.size


def divides_by_pictures(logits, target, ignore_index=255):
    """a gradient divided by the number of pictures"""
    p, right, kept = _parts(logits, target, ignore_index)
    return kept * (p - right) / len(logits)


def divides_by_classes(logits, target, ignore_index=255):
    p, right, kept = _parts(logits, target, ignore_index)
    return kept * (p - right) / (kept.sum() * p.shape[1])


def learns_at_ignored(logits, target, ignore_index=255):
    """a gradient at ignored pixels, as if they were of class 0"""
    p, right, kept = _parts(logits, target, ignore_index)
    return (p - right) / kept.sum()


def no_ignoring(logits, target, ignore_index=255):
    """ignored pixels that count as class 0"""
    p, right, _ = _parts(logits, target, ignore_index)
    return (p - right) / target.size


def p_at_ignored(logits, target, ignore_index=255):
    """the probabilities themselves at ignored pixels"""
    p, right, kept = _parts(logits, target, ignore_index)
    return (p - right * kept) / kept.sum()


def sign(logits, target, ignore_index=255):
    p, right, kept = _parts(logits, target, ignore_index)
    return kept * (right - p) / kept.sum()


def probabilities(logits, target, ignore_index=255):
    """the probabilities alone"""
    p, _, kept = _parts(logits, target, ignore_index)
    return kept * p / kept.sum()


def right_class_only(logits, target, ignore_index=255):
    """a gradient at the right classes alone"""
    p, right, kept = _parts(logits, target, ignore_index)
    return kept * (p - 1) * right / kept.sum()


def scores(logits, target, ignore_index=255):
    """scores in place of probabilities"""
    _, right, kept = _parts(logits, target, ignore_index)
    return kept * (logits - right) / kept.sum()


def last_axis(logits, target, ignore_index=255):
    """a softmax along the columns"""
    p, right, kept = _parts(logits, target, ignore_index, axis=-1)
    return kept * (p - right) / kept.sum()


def overflow(logits, target, ignore_index=255):
    """exponentials that overflow"""
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        _, right, kept = _parts(logits, target, ignore_index)
        return kept * (p - right) / kept.sum()
