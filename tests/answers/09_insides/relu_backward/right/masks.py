import numpy as np


def relu_backward(grad_output, x, rule):
    masks = {
        "gradient": x > 0,
        "deconvnet": grad_output > 0,
        "guided": (x > 0) & (grad_output > 0),
    }
    if rule not in masks:
        raise ValueError("rule must be one of " + ", ".join(masks))
    y = np.zeros_like(grad_output)
    y[masks[rule]] = grad_output[masks[rule]]
    return y
