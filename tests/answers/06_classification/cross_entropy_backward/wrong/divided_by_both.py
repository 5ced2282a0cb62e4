import numpy as np

DIAGNOSIS = "a gradient divided by pictures and classes"


def cross_entropy_backward(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True)
    grad[np.arange(len(target)), target] -= 1
    return grad / logits.size
