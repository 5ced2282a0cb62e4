import numpy as np
import torch

DIAGNOSIS = "a gradient times p(1 - p)"


def cross_entropy_backward(logits, target):
    p = torch.softmax(torch.tensor(logits), 1).numpy()
    q = np.eye(logits.shape[1], dtype=logits.dtype)[target]
    return (p - q) * p * (1 - p) / len(target)
