"""Right answers to `residual_block_backward`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def autograd(grad_output, x, weight1, weight2):
    x, weight1, weight2 = (torch.tensor(a, requires_grad=True) for a in (x, weight1, weight2))
    hidden = F.relu(F.conv2d(x, weight1, padding="same"))
    y = F.relu(F.conv2d(hidden, weight2, padding="same") + x)
    y.backward(torch.tensor(grad_output))
    return x.grad.numpy(), weight1.grad.numpy(), weight2.grad.numpy()


def _conv2d(x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(torch.tensor(x), torch.tensor(weight), padding=padding).numpy()


def _conv2d_backward(grad_output, x, weight):
    g, x, weight = torch.tensor(grad_output), torch.tensor(x), torch.tensor(weight)
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    grad_x = torch.nn.grad.conv2d_input(x.shape, weight, g, padding=padding)
    grad_weight = torch.nn.grad.conv2d_weight(x, weight.shape, g, padding=padding)
    return grad_x.numpy(), grad_weight.numpy()


def step_by_step(grad_output, x, weight1, weight2):
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def where_and_a_list(grad_output, x, weight1, weight2):
    a = _conv2d(x, weight1)
    h = np.where(a > 0, a, 0)
    g = np.where(_conv2d(h, weight2) + x > 0, grad_output, 0)
    grad_h, grad_weight2 = _conv2d_backward(g, h, weight2)
    grad_x, grad_weight1 = _conv2d_backward(np.where(a > 0, grad_h, 0), x, weight1)
    return [grad_x + g, grad_weight1, grad_weight2]


def _windows(x, kH, kW):
    x = np.pad(x, ((0, 0), (0, 0), (kH // 2, kH // 2), (kW // 2, kW // 2)))
    return np.lib.stride_tricks.sliding_window_view(x, (kH, kW), axis=(2, 3))


def _conv(x, weight):
    return np.einsum("ncijuv,ocuv->noij", _windows(x, *weight.shape[2:]), weight)


def _back(g, x, weight):
    grad_weight = np.einsum("noij,ncijuv->ocuv", g, _windows(x, *weight.shape[2:]))
    return _conv(g, weight.swapaxes(0, 1)[:, :, ::-1, ::-1]), grad_weight


def windows_in_numpy(grad_output, x, weight1, weight2):
    before = _conv(x, weight1)
    hidden = np.maximum(before, 0)
    g = grad_output * (_conv(hidden, weight2) + x > 0)
    grad_hidden, grad_weight2 = _back(g, hidden, weight2)
    grad_x, grad_weight1 = _back(grad_hidden * (before > 0), x, weight1)
    return grad_x + g, grad_weight1, grad_weight2
