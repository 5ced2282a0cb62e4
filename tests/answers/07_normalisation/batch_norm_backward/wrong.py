import numpy as np

AXES = (0, 2, 3)


def _parts(x, eps):
    s = np.sqrt(x.var(AXES, keepdims=True) + eps)
    return (x - x.mean(AXES, keepdims=True)) / s, s


def _mean(values):
    return values.mean(AXES, keepdims=True)


def _learnt(g, xh):
    return (g * xh).sum(AXES), g.sum(AXES)


def constants(grad_output, x, gamma, eps=1e-5):
    """statistics taken as constants"""
    xh, s = _parts(x, eps)
    return grad_output * gamma[:, None, None] / s, *_learnt(grad_output, xh)


def constant_variance(grad_output, x, gamma, eps=1e-5):
    """a variance taken as constant"""
    xh, s = _parts(x, eps)
    return gamma[:, None, None] / s * (grad_output - _mean(grad_output)), *_learnt(grad_output, xh)


def constant_mean(grad_output, x, gamma, eps=1e-5):
    """a mean taken as constant"""
    xh, s = _parts(x, eps)
    inner = grad_output - xh * _mean(grad_output * xh)
    return gamma[:, None, None] / s * inner, *_learnt(grad_output, xh)


def no_gamma(grad_output, x, gamma, eps=1e-5):
    xh, s = _parts(x, eps)
    inner = grad_output - _mean(grad_output) - xh * _mean(grad_output * xh)
    return inner / s, *_learnt(grad_output, xh)


def no_division(grad_output, x, gamma, eps=1e-5):
    """a gradient that is not divided by the standard deviation"""
    xh, _ = _parts(x, eps)
    inner = grad_output - _mean(grad_output) - xh * _mean(grad_output * xh)
    return gamma[:, None, None] * inner, *_learnt(grad_output, xh)


def means(grad_output, x, gamma, eps=1e-5):
    """means in place of sums, for gamma and beta"""
    xh, s = _parts(x, eps)
    beta, along = _mean(grad_output), _mean(grad_output * xh)
    grad_x = gamma[:, None, None] / s * (grad_output - beta - xh * along)
    return grad_x, along.ravel(), beta.ravel()


def gamma_by_x(grad_output, x, gamma, eps=1e-5):
    """the gradient of gamma by x in place of xh"""
    xh, s = _parts(x, eps)
    inner = grad_output - _mean(grad_output) - xh * _mean(grad_output * xh)
    return gamma[:, None, None] / s * inner, (grad_output * x).sum(AXES), grad_output.sum(AXES)


def sample_variance(grad_output, x, gamma, eps=1e-5):
    """the variance divided by m - 1"""
    s = np.sqrt(x.var(AXES, ddof=1, keepdims=True) + eps)
    xh = (x - x.mean(AXES, keepdims=True)) / s
    inner = grad_output - _mean(grad_output) - xh * _mean(grad_output * xh)
    return gamma[:, None, None] / s * inner, *_learnt(grad_output, xh)


def other_order(grad_output, x, gamma, eps=1e-5):
    """the gradients of gamma and beta exchanged"""
    xh, s = _parts(x, eps)
    inner = grad_output - _mean(grad_output) - xh * _mean(grad_output * xh)
    grad_gamma, grad_beta = _learnt(grad_output, xh)
    return gamma[:, None, None] / s * inner, grad_beta, grad_gamma


def sums(grad_output, x, gamma, eps=1e-5):
    """sums in place of means, inside the bracket"""
    xh, s = _parts(x, eps)
    grad_gamma, grad_beta = _learnt(grad_output, xh)
    inner = grad_output - grad_beta[:, None, None] - xh * grad_gamma[:, None, None]
    return gamma[:, None, None] / s * inner, grad_gamma, grad_beta


def plus(grad_output, x, gamma, eps=1e-5):
    """the part along xh added"""
    xh, s = _parts(x, eps)
    inner = grad_output - _mean(grad_output) + xh * _mean(grad_output * xh)
    return gamma[:, None, None] / s * inner, *_learnt(grad_output, xh)
