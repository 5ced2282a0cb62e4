import numpy as np
import torch
import torch.nn.functional as F

DIAGNOSIS = "a shortcut that is added after the activation"


def conv2d(x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(torch.tensor(x), torch.tensor(weight), padding=padding).numpy()


def residual_block(x, weight1, weight2):
    hidden = np.maximum(conv2d(x, weight1), 0)
    f = conv2d(hidden, weight2)
    return np.maximum(f, 0) + x
