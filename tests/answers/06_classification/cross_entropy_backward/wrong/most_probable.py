import numpy as np

DIAGNOSIS = "probabilities with the ones at the most probable class"


def cross_entropy_backward(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True)
    grad[np.arange(len(target)), logits.argmax(axis=1)] -= 1
    return grad / len(target)
