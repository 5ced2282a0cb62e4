import numpy as np
import torch
import torch.nn.functional as F


def autograd(logits, target, ignore_index=255):
    z = torch.tensor(logits, requires_grad=True)
    F.cross_entropy(z, torch.from_numpy(target), ignore_index=ignore_index).backward()
    return z.grad.numpy()


def loops(logits, target, ignore_index=255):
    grad, count = np.zeros_like(logits), (target != ignore_index).sum()
    for n, i, j in np.ndindex(*target.shape):
        if target[n, i, j] != ignore_index:
            e = np.exp(logits[n, :, i, j] - logits[n, :, i, j].max())
            grad[n, :, i, j] = e / e.sum()
            grad[n, target[n, i, j], i, j] -= 1
    return grad / count


def subtract_in_place(logits, target, ignore_index=255):
    p = torch.from_numpy(logits).softmax(1).numpy()
    n, i, j = np.nonzero(target != ignore_index)
    p[n, target[n, i, j], i, j] -= 1
    p *= (target != ignore_index)[:, None]
    return p / len(n)


def where(logits, target, ignore_index=255):
    kept = target != ignore_index
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    right = np.eye(logits.shape[1])[np.where(kept, target, 0)].transpose(0, 3, 1, 2)
    return np.where(kept[:, None], np.exp(log_p) - right, 0) / np.count_nonzero(kept)
