import numpy as np
import torch


def at_once(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    xh = (x - running_mean) / np.sqrt(running_var + eps)
    return (gamma * xh + beta) @ weight.T


def split(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    stops = range(batch_size, len(x), batch_size)
    scores = []
    for batch in np.split(x, stops):
        xh = (batch - running_mean) / np.sqrt(running_var + eps)
        scores += [(gamma * xh + beta) @ weight.T]
    return np.vstack(scores)


def folded(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    a = gamma / np.sqrt(running_var + eps)
    return x @ (weight * a).T + weight @ (beta - a * running_mean)


def one_by_one(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    rows = []
    for example in x:
        y = gamma * (example - running_mean) / (running_var + eps) ** 0.5 + beta
        rows.append([kernel @ y for kernel in weight])
    return np.array(rows)


def by_torch(x, running_mean, running_var, gamma, beta, weight, batch_size, eps=1e-5):
    given = map(torch.tensor, (x, running_mean, running_var, gamma, beta))
    y = torch.nn.functional.batch_norm(*given, training=False, eps=eps)
    return (y @ torch.tensor(weight).T).numpy()
