import numpy as np

DIAGNOSIS = "the probabilities alone"


def cross_entropy_backward(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True)
    return grad / len(target)
