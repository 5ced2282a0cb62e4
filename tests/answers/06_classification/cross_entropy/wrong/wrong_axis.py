import numpy as np

DIAGNOSIS = "a softmax over the pictures"


def cross_entropy(logits, target):
    z = logits - logits.max(axis=0, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    return -log_p[np.arange(len(target)), target].mean()
