import torch
import torch.nn.functional as F


def train_epoch(weight, bias, x, y, lr, momentum, batch_size):
    vw, vb = torch.zeros_like(weight), torch.zeros_like(bias)
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        p = (xs @ weight.T + bias).softmax(1)
        g = (p - F.one_hot(ys, len(bias))) / len(xs)
        vw, vb = momentum * vw + g.T.to(xs.dtype) @ xs, momentum * vb + g.sum(0).to(bias.dtype)
        weight, bias = weight - lr * vw, bias - lr * vb
    return weight, bias
