import numpy as np

AXES = (0, 2, 3)


def _new(x, ddof=1):
    return x.mean(AXES), x.var(AXES, ddof=ddof)


def biased(batches, momentum=0.1):
    """a running variance from batches divided by m"""
    mean, var = 0, 1
    for x in batches:
        a, b = _new(x, 0)
        mean, var = (1 - momentum) * mean + momentum * a, (1 - momentum) * var + momentum * b
    return mean, var


def as_in_the_optimiser(batches, momentum=0.1):
    mean, var = 0, 1
    for x in batches:
        a, b = _new(x)
        mean, var = momentum * mean + (1 - momentum) * a, momentum * var + (1 - momentum) * b
    return mean, var


def a_tenth(batches, momentum=0.1):
    mean, var = 0, 1
    for x in batches:
        a, b = _new(x)
        mean, var = 0.9 * mean + 0.1 * a, 0.9 * var + 0.1 * b
    return mean, var


def piled_up(batches, momentum=0.1):
    """a sum that keeps all of the old"""
    mean, var = 0, 1
    for x in batches:
        a, b = _new(x)
        mean, var = mean + momentum * a, var + momentum * b
    return mean, var


def full_weight(batches, momentum=0.1):
    """the new batch at full weight"""
    mean, var = 0, 1
    for x in batches:
        a, b = _new(x)
        mean, var = (1 - momentum) * mean + a, (1 - momentum) * var + b
    return mean, var


def last_batch(batches, momentum=0.1):
    """the statistics of the last batch alone"""
    return _new(batches[-1])


def both_from_zero(batches, momentum=0.1):
    """a running variance that starts at 0"""
    mean = var = np.zeros(batches[0].shape[1])
    for x in batches:
        a, b = _new(x)
        mean, var = (1 - momentum) * mean + momentum * a, (1 - momentum) * var + momentum * b
    return mean, var


def both_from_one(batches, momentum=0.1):
    """a running mean that starts at 1"""
    mean = var = np.ones(batches[0].shape[1])
    for x in batches:
        a, b = _new(x)
        mean, var = (1 - momentum) * mean + momentum * a, (1 - momentum) * var + momentum * b
    return mean, var


def deviation(batches, momentum=0.1):
    """a running standard deviation"""
    mean, std = 0, 1
    for x in batches:
        mean = (1 - momentum) * mean + momentum * x.mean(AXES)
        std = (1 - momentum) * std + momentum * x.std(AXES, ddof=1)
    return mean, std


def first_batch(batches, momentum=0.1):
    a, b = _new(batches[0])
    return momentum * a, (1 - momentum) + momentum * b


def backwards(batches, momentum=0.1):
    mean, var = 0, 1
    for x in reversed(batches):
        a, b = _new(x)
        mean, var = (1 - momentum) * mean + momentum * a, (1 - momentum) * var + momentum * b
    return mean, var


def variance_first(batches, momentum=0.1):
    mean, var = 0, 1
    for x in batches:
        a, b = _new(x)
        mean, var = (1 - momentum) * mean + momentum * a, (1 - momentum) * var + momentum * b
    return var, mean


def channels_counted(batches, momentum=0.1):
    mean, var = 0, 1
    for x in batches:
        mean = (1 - momentum) * mean + momentum * x.mean(AXES)
        var = (1 - momentum) * var + momentum * x.var(AXES) * x.size / (x.size - 1)
    return mean, var


def factor_upside_down(batches, momentum=0.1):
    mean, var = 0, 1
    for x in batches:
        m = x.size / x.shape[1]
        mean = (1 - momentum) * mean + momentum * x.mean(AXES)
        var = (1 - momentum) * var + momentum * x.var(AXES) * (m - 1) / m
    return mean, var
