import numpy as np
import torch

DIAGNOSIS = "a logistic function of each score"


def cross_entropy_backward(logits, target):
    p = torch.sigmoid(torch.tensor(logits)).numpy()
    p[np.arange(len(target)), target] -= 1
    return p / len(target)
