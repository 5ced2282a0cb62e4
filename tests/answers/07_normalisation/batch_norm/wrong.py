import numpy as np


def _shaped(v):
    return v.reshape(1, -1, 1, 1)


def batch_alone(x, gamma, beta, eps=1e-5):
    """a mean and variance for each place"""
    xh = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
    return _shaped(gamma) * xh + _shaped(beta)


def everything(x, gamma, beta, eps=1e-5):
    """one mean and variance for all channels"""
    return _shaped(gamma) * (x - x.mean()) / np.sqrt(x.var() + eps) + _shaped(beta)


def layer_norm(x, gamma, beta, eps=1e-5):
    """a mean and variance for each picture (layer norm)"""
    flat = x.reshape(len(x), -1)
    xh = (flat - flat.mean(1, keepdims=True)) / np.sqrt(flat.var(1, keepdims=True) + eps)
    return _shaped(gamma) * xh.reshape(x.shape) + _shaped(beta)


def instance_norm(x, gamma, beta, eps=1e-5):
    """a mean and variance for each picture and channel (instance norm)"""
    y = np.empty_like(x)
    for n in range(len(x)):
        for c in range(x.shape[1]):
            m = x[n, c]
            y[n, c] = gamma[c] * (m - m.mean()) / np.sqrt(m.var() + eps) + beta[c]
    return y


def sample_variance(x, gamma, beta, eps=1e-5):
    """the unbiased variance, divided by m - 1"""
    var = x.var((0, 2, 3), ddof=1, keepdims=True)
    xh = (x - x.mean((0, 2, 3), keepdims=True)) / np.sqrt(var + eps)
    return _shaped(gamma) * xh + _shaped(beta)


def no_root(x, gamma, beta, eps=1e-5):
    """a division by the variance"""
    xh = x - x.mean((0, 2, 3), keepdims=True)
    xh = xh / (x.var((0, 2, 3), keepdims=True) + eps)
    return _shaped(gamma) * xh + _shaped(beta)


def eps_outside(x, gamma, beta, eps=1e-5):
    """eps added to the standard deviation"""
    xh = x - x.mean((0, 2, 3), keepdims=True)
    xh = xh / (x.std((0, 2, 3), keepdims=True) + eps)
    return _shaped(gamma) * xh + _shaped(beta)


def eps_typed(x, gamma, beta, eps=1e-5):
    xh = x - x.mean((0, 2, 3), keepdims=True)
    xh = xh / np.sqrt(x.var((0, 2, 3), keepdims=True) + 1e-5)
    return _shaped(gamma) * xh + _shaped(beta)


def scaled_only(x, gamma, beta, eps=1e-5):
    """a norm that does not centre"""
    return _shaped(gamma) * x / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps) + _shaped(beta)


def standardised(x, gamma, beta, eps=1e-5):
    """no gamma and beta"""
    xh = x - x.mean((0, 2, 3), keepdims=True)
    return xh / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps)


def exchanged(x, gamma, beta, eps=1e-5):
    xh = x - x.mean((0, 2, 3), keepdims=True)
    xh = xh / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps)
    return _shaped(beta) * xh + _shaped(gamma)


def bracket(x, gamma, beta, eps=1e-5):
    """gamma times the sum of xh and beta"""
    xh = x - x.mean((0, 2, 3), keepdims=True)
    xh = xh / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps)
    return _shaped(gamma) * (xh + _shaped(beta))
