import numpy as np


def _each(parameters, gradients, rates, step, otherwise=lambda p: p.copy()):
    new = {}
    for name, p in parameters.items():
        part = name.split(".")[0]
        if part in rates:
            new[name] = step(p, gradients[name], rates[part])
        else:
            new[name] = otherwise(p)
    return new


def frozen_decay(parameters, gradients, rates, weight_decay=0.0):
    """frozen parameters that decay"""
    return _each(
        parameters,
        gradients,
        rates,
        lambda p, g, lr: p - lr * (g + weight_decay * p),
        lambda p: p - weight_decay * p,
    )


def largest_rate(parameters, gradients, rates, weight_decay=0.0):
    """frozen parameters that learn at the largest rate"""
    top = max(rates.values())
    new = {}
    for name, p in parameters.items():
        lr = rates.get(name.split(".")[0], top)
        new[name] = p - lr * (gradients[name] + weight_decay * p)
    return new


def smallest_rate(parameters, gradients, rates, weight_decay=0.0):
    """frozen parameters that learn at the smallest rate"""
    low = min(rates.values())
    new = {}
    for name, p in parameters.items():
        lr = rates.get(name.split(".")[0], low)
        new[name] = p - lr * (gradients[name] + weight_decay * p)
    return new


def heads_rate(parameters, gradients, rates, weight_decay=0.0):
    """the head's rate for all that learns"""
    lr = rates["head"]
    return _each(parameters, gradients, rates, lambda p, g, _: p - lr * (g + weight_decay * p))


def first_rate(parameters, gradients, rates, weight_decay=0.0):
    """the first rate for all that learns"""
    lr = next(iter(rates.values()))
    return _each(parameters, gradients, rates, lambda p, g, _: p - lr * (g + weight_decay * p))


def learning_alone(parameters, gradients, rates, weight_decay=0.0):
    new = {}
    for name, p in parameters.items():
        part = name.split(".")[0]
        if part in rates:
            new[name] = p - rates[part] * (gradients[name] + weight_decay * p)
    return new


def ascent(parameters, gradients, rates, weight_decay=0.0):
    """a step up the gradient"""
    return _each(parameters, gradients, rates, lambda p, g, lr: p + lr * (g + weight_decay * p))


def no_decay(parameters, gradients, rates, weight_decay=0.0):
    return _each(parameters, gradients, rates, lambda p, g, lr: p - lr * g)


def bare_decay(parameters, gradients, rates, weight_decay=0.0):
    """a decay that is not scaled by the rate"""
    return _each(parameters, gradients, rates, lambda p, g, lr: (1 - weight_decay) * p - lr * g)


def growth(parameters, gradients, rates, weight_decay=0.0):
    """a decay away from zero"""
    return _each(parameters, gradients, rates, lambda p, g, lr: p + lr * weight_decay * p - lr * g)


def constant_decay(parameters, gradients, rates, weight_decay=0.0):
    """a decay by a constant"""
    return _each(parameters, gradients, rates, lambda p, g, lr: p - lr * (g + weight_decay))


def steps(parameters, gradients, rates, weight_decay=0.0):
    """the steps in place of the parameters"""
    return _each(
        parameters,
        gradients,
        rates,
        lambda p, g, lr: -lr * (g + weight_decay * p),
        np.zeros_like,
    )
