import torch
import torch.nn.functional as F


def cross_entropy_backward(logits, target):
    z = torch.tensor(logits, requires_grad=True)
    F.cross_entropy(z, torch.tensor(target)).backward()
    return z.grad.numpy()
