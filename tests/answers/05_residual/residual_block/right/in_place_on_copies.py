import torch
import torch.nn.functional as F


def conv2d(x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(torch.tensor(x), torch.tensor(weight), padding=padding).numpy()


def residual_block(x, weight1, weight2):
    hidden = conv2d(x, weight1).copy()
    hidden[hidden < 0] = 0
    y = conv2d(hidden, weight2).copy()
    y += x
    y *= y > 0
    return y
