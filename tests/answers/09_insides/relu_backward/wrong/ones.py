import numpy as np

DIAGNOSIS = "ones where the signal belongs"


def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    if rule == "gradient":
        return np.where(x > 0, 1.0, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, 1.0, 0)
    return np.where((x > 0) & (grad_output > 0), 1.0, 0)
