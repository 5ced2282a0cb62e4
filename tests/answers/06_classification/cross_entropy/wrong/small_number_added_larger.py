import numpy as np

DIAGNOSIS = "a small number added to the probability"


def cross_entropy(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target] + 1e-8).mean()
