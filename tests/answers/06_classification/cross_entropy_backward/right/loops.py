import math

import numpy as np


def cross_entropy_backward(logits, target):
    grad = np.zeros_like(logits)
    N, K = logits.shape
    for n in range(N):
        weights = [math.exp(logits[n, k] - max(logits[n])) for k in range(K)]
        for k in range(K):
            grad[n, k] = (weights[k] / sum(weights) - (k == target[n])) / N
    return grad
