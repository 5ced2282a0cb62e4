import numpy as np

DIAGNOSIS = "a signal without its sign"


def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    g = abs(grad_output)
    return g if rule == "deconvnet" else np.where(x > 0, g, 0)
