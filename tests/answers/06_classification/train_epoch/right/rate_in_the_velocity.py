import torch
import torch.nn.functional as F


def train_epoch(weight, bias, x, y, lr, momentum, batch_size):
    parameters, velocities = [weight, bias], [0, 0]
    start = 0
    while start < len(x):
        leaves = [p.clone().requires_grad_() for p in parameters]
        loss = F.cross_entropy(
            x[start : start + batch_size] @ leaves[0].T + leaves[1], y[start : start + batch_size]
        )
        gradients = torch.autograd.grad(loss, leaves)
        velocities = [momentum * v - lr * g for v, g in zip(velocities, gradients)]
        parameters = [p + v for p, v in zip(parameters, velocities)]
        start += batch_size
    return tuple(parameters)
