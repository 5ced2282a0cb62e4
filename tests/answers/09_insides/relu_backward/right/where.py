import numpy as np


def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x > 0, grad_output, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x > 0) & (grad_output > 0), grad_output, 0)
