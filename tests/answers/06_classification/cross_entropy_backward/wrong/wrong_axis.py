import numpy as np

DIAGNOSIS = "a softmax over the pictures"


def cross_entropy_backward(logits, target):
    e = np.exp(logits - logits.max(axis=0, keepdims=True))
    grad = e / e.sum(axis=0, keepdims=True)
    grad[np.arange(len(target)), target] -= 1
    return grad / len(target)
