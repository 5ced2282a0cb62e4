import numpy as np

DIAGNOSIS = "exponentials that overflow"


def cross_entropy(logits, target):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(target)), target]).mean()
