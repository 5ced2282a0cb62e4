import numpy as np


def _log_p(z, axis=1):
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def _pick(values, target, ignore_index):
    classes = np.where(target == ignore_index, 0, target)
    return np.take_along_axis(values, classes[:, None], axis=1)[:, 0]


def divides_by_all(logits, target, ignore_index=255):
    """a mean over all pixels, those that are left out among them"""
    losses = -_pick(_log_p(logits), target, ignore_index)
    losses[target == ignore_index] = 0
    return losses.mean()


def zero_in_place(logits, target, ignore_index=255):
    """ignored pixels that count as class 0"""
    return -_pick(_log_p(logits), target, ignore_index).mean()


def summed(logits, target, ignore_index=255):
    """a sum over the pixels"""
    return -_pick(_log_p(logits), target, ignore_index)[target != ignore_index].sum()


def by_picture(logits, target, ignore_index=255):
    """a mean of the pictures' means"""
    losses, kept = -_pick(_log_p(logits), target, ignore_index), target != ignore_index
    return np.mean([losses[n][kept[n]].mean() for n in range(len(logits)) if kept[n].any()])


def divides_by_pictures(logits, target, ignore_index=255):
    """a sum over the pixels, divided by the number of pictures"""
    losses = -_pick(_log_p(logits), target, ignore_index)
    return losses[target != ignore_index].sum() / len(logits)


def last_axis(logits, target, ignore_index=255):
    """a softmax along the columns"""
    return -_pick(_log_p(logits, -1), target, ignore_index)[target != ignore_index].mean()


def first_axis(logits, target, ignore_index=255):
    """a softmax over the pictures"""
    return -_pick(_log_p(logits, 0), target, ignore_index)[target != ignore_index].mean()


def positive(logits, target, ignore_index=255):
    return _pick(_log_p(logits), target, ignore_index)[target != ignore_index].mean()


def bits(logits, target, ignore_index=255):
    losses = -_pick(_log_p(logits), target, ignore_index) / np.log(2)
    return losses[target != ignore_index].mean()


def no_softmax(logits, target, ignore_index=255):
    """scores that are taken for logarithms of probabilities"""
    return -_pick(logits, target, ignore_index)[target != ignore_index].mean()


def plain_exponentials(logits, target, ignore_index=255):
    """exponentials that overflow"""
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return -np.log(_pick(p, target, ignore_index)[target != ignore_index]).mean()


def logarithm_of_p(logits, target, ignore_index=255):
    """a logarithm of a probability that was rounded to zero"""
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(_pick(p, target, ignore_index)[target != ignore_index]).mean()


def most_probable(logits, target, ignore_index=255):
    """the loss of the most probable class"""
    return -_log_p(logits).max(axis=1)[target != ignore_index].mean()


def over_classes(logits, target, ignore_index=255):
    right = np.arange(logits.shape[1])[:, None, None] == target[:, None]
    right &= (target != ignore_index)[:, None]
    kept = np.broadcast_to((target != ignore_index)[:, None], right.shape)
    return -(_log_p(logits) * right)[kept].mean()
