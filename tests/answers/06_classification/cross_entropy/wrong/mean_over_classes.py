import numpy as np

DIAGNOSIS = "a mean over pictures and classes"


def cross_entropy(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(np.eye(logits.shape[1])[target] * log_p)
