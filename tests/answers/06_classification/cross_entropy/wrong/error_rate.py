import numpy as np

DIAGNOSIS = "the share of wrong answers"


def cross_entropy(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (p.argmax(axis=1) != target).mean()
