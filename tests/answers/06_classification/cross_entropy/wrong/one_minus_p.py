import numpy as np

DIAGNOSIS = "a mean of what is missing to probability 1"


def cross_entropy(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (1 - p[np.arange(len(target)), target]).mean()
