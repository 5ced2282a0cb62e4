import numpy as np
import torch
from torch.nn.utils import fusion


def einsum(weight, bias, mean, var, gamma, beta, eps=1e-5):
    a = gamma * (var + eps) ** -0.5
    return np.einsum("o,ocij->ocij", a, weight), beta + a * bias - a * mean


def channel_by_channel(weight, bias, mean, var, gamma, beta, eps=1e-5):
    kernels, biases = np.empty_like(weight), np.empty_like(bias)
    for o in range(len(weight)):
        factor = gamma[o] / np.sqrt(var[o] + eps)
        kernels[o] = weight[o] * factor
        biases[o] = factor * (bias[o] - mean[o]) + beta[o]
    return kernels, biases


def by_matrix(weight, bias, mean, var, gamma, beta, eps=1e-5):
    a = np.diag(gamma / np.sqrt(var + eps))
    return (a @ weight.reshape(len(weight), -1)).reshape(weight.shape), a @ (bias - mean) + beta


def by_torch(weight, bias, mean, var, gamma, beta, eps=1e-5):
    w, b, m, v, g, s = map(torch.tensor, (weight, bias, mean, var, gamma, beta))
    folded = fusion.fuse_conv_bn_weights(w, b, m, v, eps, g, s)
    return tuple(each.detach().numpy() for each in folded)
