import numpy as np


def cross_entropy_backward(logits, target):
    N, K = logits.shape
    one_hot = (np.arange(K) == target[:, None]).astype(logits.dtype)
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    return (p - one_hot) / N
