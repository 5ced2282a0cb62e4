import numpy as np

DIAGNOSIS = "a logarithm to base 2"


def cross_entropy(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    bits = z / np.log(2) - np.log2(np.exp(z).sum(axis=1, keepdims=True))
    return -bits[np.arange(len(target)), target].mean()
