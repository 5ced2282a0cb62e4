import numpy as np

DIAGNOSIS = "scores in place of probabilities"


def cross_entropy_backward(logits, target):
    return (logits - np.eye(logits.shape[1], dtype=logits.dtype)[target]) / len(target)
