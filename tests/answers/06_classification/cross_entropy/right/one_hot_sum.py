import numpy as np


def cross_entropy(logits, target):
    N, K = logits.shape
    q = np.eye(K)[target]
    m = logits.max(1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(1))
    return np.sum(q * (lse[:, None] - logits)) / N
