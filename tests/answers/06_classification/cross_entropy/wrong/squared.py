import numpy as np

DIAGNOSIS = "the mean squared error of the probabilities"


def cross_entropy(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return ((p - np.eye(p.shape[1])[target]) ** 2).sum(axis=1).mean()
