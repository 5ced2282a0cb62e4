import numpy as np


def _factor(gamma, var, eps):
    return gamma / np.sqrt(var + eps)


def bare_bias(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a bias that is not scaled"""
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], bias - mean * a + beta


def no_bias(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a fold that loses the convolution's bias"""
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], beta - mean * a


def no_mean(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a fold without the mean"""
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], bias * a + beta


def bare_mean(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a mean that is not scaled"""
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], bias * a - mean + beta


def mean_added(weight, bias, mean, var, gamma, beta, eps=1e-5):
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], (bias + mean) * a + beta


def no_beta(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a fold without beta"""
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], (bias - mean) * a


def beta_scaled(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a beta that is scaled"""
    a = _factor(gamma, var, eps)
    return weight * a[:, None, None, None], (bias - mean + beta) * a


def no_root(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a factor that divides by the variance"""
    a = gamma / (var + eps)
    return weight * a[:, None, None, None], (bias - mean) * a + beta


def no_gamma(weight, bias, mean, var, gamma, beta, eps=1e-5):
    a = (var + eps) ** -0.5
    return weight * a[:, None, None, None], (bias - mean) * a + beta


def no_eps(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """a factor without eps"""
    a = gamma / var**0.5
    return weight * a[:, None, None, None], (bias - mean) * a + beta


def weight_kept(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """kernels that are not scaled"""
    return weight.copy(), (bias - mean) * _factor(gamma, var, eps) + beta


def gamma_once(weight, bias, mean, var, gamma, beta, eps=1e-5):
    deviation = np.sqrt(var + eps)
    return weight * (gamma / deviation)[:, None, None, None], (bias - mean) / deviation + beta
