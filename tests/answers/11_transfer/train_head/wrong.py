import numpy as np


def _step(weight, features, y, lr):
    scores = features @ weight.T
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return weight - lr * p.T @ features / len(y)


def as_it_was(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """statistics of each batch, and running ones that move"""
    for x, y in batches:
        m, v = x.mean(axis=0), x.var(axis=0)
        mean, var = 0.9 * mean + 0.1 * m, 0.9 * var + 0.1 * v
        weight = _step(weight, gamma * (x - m) / np.sqrt(v + eps) + beta, y, lr)
    return weight, mean, var


def batch_statistics(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """statistics of each batch"""
    for x, y in batches:
        xh = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
        weight = _step(weight, gamma * xh + beta, y, lr)
    return weight, mean.copy(), var.copy()


def still_moving(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """running statistics that move"""
    moved_mean, moved_var = mean, var
    for x, y in batches:
        moved_mean = 0.9 * moved_mean + 0.1 * x.mean(axis=0)
        moved_var = 0.9 * moved_var + 0.1 * x.var(axis=0)
        weight = _step(weight, gamma * (x - mean) / np.sqrt(var + eps) + beta, y, lr)
    return weight, moved_mean, moved_var


def moving_and_used(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """running statistics that move, and are used as they move"""
    for x, y in batches:
        mean = 0.9 * mean + 0.1 * x.mean(axis=0)
        var = 0.9 * var + 0.1 * x.var(axis=0)
        weight = _step(weight, gamma * (x - mean) / np.sqrt(var + eps) + beta, y, lr)
    return weight, mean, var


def moving_in_secret(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """statistics that move, are used, and are given back as they came"""
    m, v = mean.copy(), var.copy()
    for x, y in batches:
        m, v = 0.9 * m + 0.1 * x.mean(axis=0), 0.9 * v + 0.1 * x.var(axis=0)
        weight = _step(weight, gamma * (x - m) / np.sqrt(v + eps) + beta, y, lr)
    return weight, mean.copy(), var.copy()


def norm_left_out(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """no norm at all"""
    for x, y in batches:
        weight = _step(weight, x, y, lr)
    return weight, mean.copy(), var.copy()


def summed(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """a gradient that is summed over the batch"""
    for x, y in batches:
        features = gamma * (x - mean) / np.sqrt(var + eps) + beta
        weight = _step(weight, features, y, lr * len(y))
    return weight, mean.copy(), var.copy()


def ascent(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """a step up the gradient"""
    for x, y in batches:
        weight = _step(weight, gamma * (x - mean) / np.sqrt(var + eps) + beta, y, -lr)
    return weight, mean.copy(), var.copy()


def one_batch(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    for x, y in batches:
        features = gamma * (x - mean) / np.sqrt(var + eps) + beta
        return _step(weight, features, y, lr), mean.copy(), var.copy()


def from_the_start(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    for x, y in batches:
        features = gamma * (x - mean) / np.sqrt(var + eps) + beta
        new = _step(weight, features, y, lr)
    return new, mean.copy(), var.copy()


def all_frozen(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """a head that does not learn"""
    return weight.copy(), mean.copy(), var.copy()


def without_the_shift(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    """exponentials that overflow"""
    for x, y in batches:
        f = gamma * (x - mean) / np.sqrt(var + eps) + beta
        with np.errstate(all="ignore"):
            p = np.exp(f @ weight.T)
            p = p / p.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        weight = weight - lr * p.T @ f / len(y)
    return weight, mean.copy(), var.copy()


def variance_of_the_batch(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    for x, y in batches:
        features = gamma * (x - mean) / np.sqrt(x.var(axis=0) + eps) + beta
        weight = _step(weight, features, y, lr)
    return weight, mean.copy(), var.copy()
