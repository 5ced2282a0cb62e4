import numpy as np

DIAGNOSIS = "the derivative for all three rules"


def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    return np.where(x > 0, grad_output, 0)
