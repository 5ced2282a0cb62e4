import torch
import torch.nn.functional as F

DIAGNOSIS = "Nesterov's momentum"


def train_epoch(weight, bias, x, y, lr, momentum, batch_size):
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * (parameter.grad + momentum * velocity))
    return weight.detach(), bias.detach()
