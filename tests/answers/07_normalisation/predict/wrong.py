import numpy as np


def _starts(x, batch_size):
    return range(0, len(x), batch_size)


def own_statistics(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """statistics of each batch"""
    scores = []
    for k in _starts(x, batch_size):
        b = x[k : k + batch_size]
        scores.append((gamma * (b - b.mean(0)) / np.sqrt(b.var(0) + eps) + beta) @ weight.T)
    return np.concatenate(scores)


def test_statistics(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """statistics of all test examples"""
    return (gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta) @ weight.T


def left_over(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """a last batch that is dropped"""
    scores = []
    for k in range(len(x) // batch_size):
        b = x[k * batch_size : (k + 1) * batch_size]
        xh = (b - running_mean) / np.sqrt(running_var + eps)
        scores.append((gamma * xh + beta) @ weight.T)
    return np.concatenate(scores)


def as_given(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """statistics of each batch, and the last batch dropped"""
    scores = []
    for k in range(len(x) // batch_size):
        batch = x[k * batch_size : (k + 1) * batch_size]
        mean, var = batch.mean(axis=0), batch.var(axis=0)
        running_mean = 0.9 * running_mean + 0.1 * mean
        running_var = 0.9 * running_var + 0.1 * var
        xh = (batch - mean) / np.sqrt(var + eps)
        scores.append((gamma * xh + beta) @ weight.T)
    return np.concatenate(scores)


def no_norm(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """no norm at all"""
    return (gamma * x + beta) @ weight.T


def standardised(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """no gamma and beta"""
    return (x - running_mean) / np.sqrt(running_var + eps) @ weight.T


def no_root(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """a division by the running variance"""
    return (gamma * (x - running_mean) / (running_var + eps) + beta) @ weight.T


def not_centred(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """a norm that does not centre"""
    return (gamma * x / np.sqrt(running_var + eps) + beta) @ weight.T


def classes(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """classes in place of scores"""
    y = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    return (y @ weight.T).argmax(axis=1)


def moving(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    """running statistics that move while testing"""
    scores = []
    for k in _starts(x, batch_size):
        b = x[k : k + batch_size]
        running_mean = 0.9 * running_mean + 0.1 * b.mean(0)
        running_var = 0.9 * running_var + 0.1 * b.var(0)
        xh = (b - running_mean) / np.sqrt(running_var + eps)
        scores.append((gamma * xh + beta) @ weight.T)
    return np.concatenate(scores)
