"""Right answers to `cross_entropy_backward`, as students give them."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def autograd(logits, target):
    z = torch.tensor(logits, requires_grad=True)
    F.cross_entropy(z, torch.tensor(target)).backward()
    return z.grad.numpy()


def jacobian(logits, target):
    p = torch.softmax(torch.tensor(logits), 1).numpy()
    q = np.eye(p.shape[1], dtype=p.dtype)[target]
    # p - q is Jacobian of softmax times -q / p, put together by hand
    return (p * q.sum(1, keepdims=True) - q) / len(p)


def loops(logits, target):
    grad = np.zeros_like(logits)
    N, K = logits.shape
    for n in range(N):
        weights = [math.exp(logits[n, k] - max(logits[n])) for k in range(K)]
        for k in range(K):
            grad[n, k] = (weights[k] / sum(weights) - (k == target[n])) / N
    return grad


def one_hot(logits, target):
    N, K = logits.shape
    one_hot = (np.arange(K) == target[:, None]).astype(logits.dtype)
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    return (p - one_hot) / N


def subtract_in_place(logits, target):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True)
    grad[np.arange(len(target)), target] -= 1
    return grad / len(target)
