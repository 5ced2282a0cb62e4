import numpy as np
import torch


def cross_entropy_backward(logits, target):
    p = torch.softmax(torch.tensor(logits), 1).numpy()
    q = np.eye(p.shape[1], dtype=p.dtype)[target]
    # p - q is Jacobian of softmax times -q / p, put together by hand
    return (p * q.sum(1, keepdims=True) - q) / len(p)
