import numpy as np

DIAGNOSIS = "a loss without its minus sign"


def cross_entropy(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return log_p[np.arange(len(target)), target].mean()
