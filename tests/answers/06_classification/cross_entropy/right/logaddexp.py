import numpy as np


def cross_entropy(logits, target):
    lse = np.logaddexp.reduce(logits, axis=1)
    return np.mean(lse - np.take_along_axis(logits, target[:, None], 1)[:, 0])
