import numpy as np

DIAGNOSIS = "exponentials that overflow"


def cross_entropy_backward(logits, target):
    e = np.exp(logits)
    grad = e / e.sum(axis=1, keepdims=True)
    grad[np.arange(len(target)), target] -= 1
    return grad / len(target)
