import numpy as np

DIAGNOSIS = "a logistic function of each score"


def cross_entropy(logits, target):
    z = logits[np.arange(len(target)), target]
    return np.logaddexp(0, -z).mean()
