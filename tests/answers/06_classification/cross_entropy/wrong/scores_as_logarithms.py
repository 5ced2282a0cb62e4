import numpy as np

DIAGNOSIS = "scores that are taken for logarithms of probabilities"


def cross_entropy(logits, target):
    return -logits[np.arange(len(target)), target].mean()
