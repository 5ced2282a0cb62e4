"""Right answers to `cross_entropy`, as students give them."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def log_sum_exp(logits, target):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(target)), target].mean()


def logaddexp(logits, target):
    lse = np.logaddexp.reduce(logits, axis=1)
    return np.mean(lse - np.take_along_axis(logits, target[:, None], 1)[:, 0])


def loop_over_pictures(logits, target):
    total = 0.0
    for row, t in zip(logits, target):
        m = max(row)
        total += m + math.log(sum(math.exp(z - m) for z in row)) - row[t]
    return total / len(target)


def one_hot_sum(logits, target):
    N, K = logits.shape
    q = np.eye(K)[target]
    m = logits.max(1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(1))
    return np.sum(q * (lse[:, None] - logits)) / N


def torch_function(logits, target):
    return F.cross_entropy(torch.tensor(logits), torch.tensor(target)).item()
