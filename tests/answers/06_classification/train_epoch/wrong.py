"""Wrong answers to `train_epoch`, as students give them."""

import torch
import torch.nn.functional as F


def all_three(weight, bias, x, y, lr, momentum, batch_size):
    """the loop as it was, with its three bugs"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    for start in range(0, len(x), batch_size):
        velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores.softmax(dim=1), y[start : start + batch_size])
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def averaging_momentum(weight, bias, x, y, lr, momentum, batch_size):
    """a momentum that averages"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_((1 - momentum) * parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def bias_stays(weight, bias, x, y, lr, momentum, batch_size):
    """a bias that stays"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def last_batch_dropped(weight, bias, x, y, lr, momentum, batch_size):
    """an epoch without its last, smaller batch"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x) - batch_size + 1, batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def nesterov(weight, bias, x, y, lr, momentum, batch_size):
    """Nesterov's momentum"""
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


def never_zeroed(weight, bias, x, y, lr, momentum, batch_size):
    """gradients that are never set to zero"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def never_zeroed_and_softmax(weight, bias, x, y, lr, momentum, batch_size):
    """gradients that are never set to zero and a softmax before the cross-entropy"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores.softmax(dim=1), y[start : start + batch_size])
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def never_zeroed_and_velocity(weight, bias, x, y, lr, momentum, batch_size):
    """gradients that are never set to zero and a velocity that starts anew in each step"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    for start in range(0, len(x), batch_size):
        velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def one_step(weight, bias, x, y, lr, momentum, batch_size):
    """one step in place of an epoch"""
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


def softmax_and_velocity(weight, bias, x, y, lr, momentum, batch_size):
    """a softmax before the cross-entropy and a velocity that starts anew in each step"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    for start in range(0, len(x), batch_size):
        velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores.softmax(dim=1), y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def softmax_twice(weight, bias, x, y, lr, momentum, batch_size):
    """a softmax before the cross-entropy"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores.softmax(dim=1), y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def summed(weight, bias, x, y, lr, momentum, batch_size):
    """a loss that is summed over the batch"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size], reduction="sum")
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def uphill(weight, bias, x, y, lr, momentum, batch_size):
    """steps uphill"""
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
                parameter.add_(lr * velocity)
    return weight.detach(), bias.detach()


def velocity_anew(weight, bias, x, y, lr, momentum, batch_size):
    """a velocity that starts anew in each step"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    for start in range(0, len(x), batch_size):
        velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([weight, bias], velocities):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()


def weight_stays(weight, bias, x, y, lr, momentum, batch_size):
    """a weight that stays"""
    weight, bias = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    velocities = [torch.zeros_like(weight), torch.zeros_like(bias)]
    for start in range(0, len(x), batch_size):
        scores = x[start : start + batch_size] @ weight.T + bias
        loss = F.cross_entropy(scores, y[start : start + batch_size])
        weight.grad = bias.grad = None
        loss.backward()
        with torch.no_grad():
            for parameter, velocity in zip([bias], velocities[1:]):
                velocity.mul_(momentum).add_(parameter.grad)
                parameter.sub_(lr * velocity)
    return weight.detach(), bias.detach()
