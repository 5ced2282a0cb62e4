"""Wrong answers to `relu_backward`, as students give them."""

import numpy as np


def absolute(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    g = abs(grad_output)
    return g if rule == "deconvnet" else np.where(x > 0, g, 0)


def always_the_derivative(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    return np.where(x > 0, grad_output, 0)


def either(grad_output, x, rule):
    """guided with either sign in place of both"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x > 0, grad_output, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x > 0) | (grad_output > 0), grad_output, 0)


def first_two_exchanged(grad_output, x, rule):
    """gradient and deconvnet exchanged"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "deconvnet":
        return np.where(x > 0, grad_output, 0)
    if rule == "gradient":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x > 0) & (grad_output > 0), grad_output, 0)


def mask_of_the_output(grad_output, x, rule):
    """a slope of 1 at 0"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    g = grad_output * (x >= 0) if rule != "deconvnet" else grad_output
    return g if rule == "gradient" else np.maximum(g, 0)


def ones(grad_output, x, rule):
    """ones where the signal belongs"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x > 0, 1.0, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, 1.0, 0)
    return np.where((x > 0) & (grad_output > 0), 1.0, 0)


def slope_at_zero(grad_output, x, rule):
    """a slope of 1 at 0"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x >= 0, grad_output, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x >= 0) & (grad_output > 0), grad_output, 0)


def the_input(grad_output, x, rule):
    """the input where the signal belongs"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x > 0, x, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, x, 0)
    return np.where((x > 0) & (grad_output > 0), x, 0)


def two_exchanged(grad_output, x, rule):
    """deconvnet and guided exchanged"""
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x > 0, grad_output, 0)
    if rule == "guided":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x > 0) & (grad_output > 0), grad_output, 0)


def unknown_rules_are_guided(grad_output, x, rule):
    if rule == "gradient":
        return np.where(x > 0, grad_output, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x > 0) & (grad_output > 0), grad_output, 0)
