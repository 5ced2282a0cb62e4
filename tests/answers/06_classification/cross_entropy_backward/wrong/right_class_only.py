import numpy as np

DIAGNOSIS = "a gradient at the right classes alone"


def cross_entropy_backward(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(target))
    grad = np.zeros_like(logits)
    grad[rows, target] = (p[rows, target] - 1) / len(target)
    return grad
