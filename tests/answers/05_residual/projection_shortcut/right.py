"""Right answers to `projection_shortcut`, as students give them."""

import numpy as np
import torch


def einsum(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)


def loop_over_channels(x, weight, stride=1):
    N, C, H, W = x.shape
    y = np.zeros((N, len(weight), (H - 1) // stride + 1, (W - 1) // stride + 1), x.dtype)
    for o in range(len(weight)):
        for c in range(C):
            y[:, o] += weight[o, c] * x[:, c, ::stride, ::stride]
    return y


def matmul_of_flat_pixels(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    n, c, h, w = seen.shape
    return (weight @ seen.reshape(n, c, h * w)).reshape(n, len(weight), h, w)


def project_first_and_give_a_view(x, weight, stride=1):
    y = np.tensordot(x, weight, axes=(1, 1)).transpose(0, 3, 1, 2)
    return y[:, :, ::stride, ::stride]


def torch_convolution(x, weight, stride=1):
    weight = torch.tensor(weight)[:, :, None, None]
    return torch.nn.functional.conv2d(torch.tensor(x), weight, stride=stride).numpy()
