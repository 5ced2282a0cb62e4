"""Right answers to `train_epoch`, as students give them."""

import torch
import torch.nn.functional as F


def bugs_mended(weight, bias, x, y, lr, momentum, batch_size):
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
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def gradient_by_hand(weight, bias, x, y, lr, momentum, batch_size):
    vw, vb = torch.zeros_like(weight), torch.zeros_like(bias)
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        p = (xs @ weight.T + bias).softmax(1)
        g = (p - F.one_hot(ys, len(bias))) / len(xs)
        vw, vb = momentum * vw + g.T.to(xs.dtype) @ xs, momentum * vb + g.sum(0).to(bias.dtype)
        weight, bias = weight - lr * vw, bias - lr * vb
    return weight, bias


def rate_in_the_velocity(weight, bias, x, y, lr, momentum, batch_size):
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


def torch_optim(weight, bias, x, y, lr, momentum, batch_size):
    w = torch.nn.Parameter(weight.clone())
    b = torch.nn.Parameter(bias.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr, momentum=momentum)
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        optimizer.zero_grad()
        F.cross_entropy(F.linear(xs, w, b), ys).backward()
        optimizer.step()
    return w.detach(), b.detach()
