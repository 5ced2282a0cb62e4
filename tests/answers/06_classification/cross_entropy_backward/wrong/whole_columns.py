import numpy as np

DIAGNOSIS = "ones taken from whole columns"


def cross_entropy_backward(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True)
    grad[:, target] -= 1
    return grad / len(target)
