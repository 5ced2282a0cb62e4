import numpy as np


def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    g = grad_output * 1.0
    if rule != "deconvnet":
        g = g * (x > 0)
    if rule != "gradient":
        g = np.maximum(g, 0)
    return g
