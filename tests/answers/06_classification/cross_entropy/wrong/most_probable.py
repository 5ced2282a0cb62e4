import numpy as np

DIAGNOSIS = "the loss of the most probable class"


def cross_entropy(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)).mean()
