import numpy as np

DIAGNOSIS = "a logarithm of a probability that was rounded to zero"


def cross_entropy(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target]).mean()
