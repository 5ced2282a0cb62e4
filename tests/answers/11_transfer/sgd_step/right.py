import copy

import numpy as np
import torch


def optimiser(parameters, gradients, rates, weight_decay=0.0):
    tensors = {n: torch.tensor(v, requires_grad=True) for n, v in parameters.items()}
    groups = []
    for part, rate in rates.items():
        chosen = [t for n, t in tensors.items() if n.startswith(part + ".")]
        groups.append({"params": chosen, "lr": rate})
    for n, t in tensors.items():
        t.grad = torch.tensor(gradients[n])
    torch.optim.SGD(groups, weight_decay=weight_decay).step()
    return {n: t.detach().numpy() for n, t in tensors.items()}


def deep_copy(parameters, gradients, rates, weight_decay=0.0):
    new = copy.deepcopy(parameters)
    for part, rate in rates.items():
        for name in new:
            if name.partition(".")[0] == part:
                new[name] -= rate * gradients[name] + rate * weight_decay * parameters[name]
    return new


def a_rate_of_zero(parameters, gradients, rates, weight_decay=0.0):
    new = {}
    for name in parameters:
        lr = rates.get(name.split(".")[0], 0.0)
        new[name] = (1 - lr * weight_decay) * parameters[name] - lr * gradients[name]
    return new


def comprehension(parameters, gradients, rates, weight_decay=0.0):
    return {
        name: np.array(p) - rates[name.split(".")[0]] * (gradients[name] + weight_decay * p)
        if name.split(".")[0] in rates
        else np.array(p)
        for name, p in parameters.items()
    }
