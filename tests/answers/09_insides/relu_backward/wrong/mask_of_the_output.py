import numpy as np

DIAGNOSIS = "a slope of 1 at 0"


def relu_backward(grad_output, x, rule):
    if rule not in ("gradient", "deconvnet", "guided"):
        raise ValueError(f"unknown rule {rule!r}")
    g = grad_output * (x >= 0) if rule != "deconvnet" else grad_output
    return g if rule == "gradient" else np.maximum(g, 0)
