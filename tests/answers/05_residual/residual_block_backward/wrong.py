"""Wrong answers to `residual_block_backward`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def _conv2d(x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return F.conv2d(torch.tensor(x), torch.tensor(weight), padding=padding).numpy()


def _conv2d_backward(grad_output, x, weight):
    g, x, weight = torch.tensor(grad_output), torch.tensor(x), torch.tensor(weight)
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    grad_x = torch.nn.grad.conv2d_input(x.shape, weight, g, padding=padding)
    grad_weight = torch.nn.grad.conv2d_weight(x, weight.shape, g, padding=padding)
    return grad_x.numpy(), grad_weight.numpy()


def branch_unmasked(grad_output, x, weight1, weight2):
    """a branch that the last rectifier does not stop"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_output, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def divided(grad_output, x, weight1, weight2):
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0) / 2
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def last_relu_ignored(grad_output, x, weight1, weight2):
    """a gradient without the last rectifier"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def local_gradient(grad_output, x, weight1, weight2):
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = 1.0 * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def mask_of_the_branch(grad_output, x, weight1, weight2):
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2)
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def middle_relu_ignored(grad_output, x, weight1, weight2):
    """a gradient without the rectifier between the convolutions"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def no_shortcut(grad_output, x, weight1, weight2):
    """a gradient through the convolutions alone"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first, grad_weight1, grad_weight2


def shortcut_only(grad_output, x, weight1, weight2):
    """a gradient past the convolutions alone"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_total, grad_weight1, grad_weight2


def shortcut_twice(grad_output, x, weight1, weight2):
    """a gradient that comes back twice past the convolutions"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + 2 * grad_total, grad_weight1, grad_weight2


def shortcut_unmasked(grad_output, x, weight1, weight2):
    """a shortcut that the last rectifier does not stop"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_output, grad_weight1, grad_weight2


def subtracted(grad_output, x, weight1, weight2):
    """a shortcut subtracted on the way back"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first - grad_total, grad_weight1, grad_weight2


def weight2_from_before(grad_output, x, weight1, weight2):
    """a gradient of weight2 from what the middle rectifier got, not what it gave"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, before, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2


def weights_averaged(grad_output, x, weight1, weight2):
    """gradients of the weights without the batch's sum: a mean"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1 / len(x), grad_weight2 / len(x)


def weights_swapped(grad_output, x, weight1, weight2):
    """gradients of the two weights in each other's place"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total > 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight2, grad_weight1


def wrong_side(grad_output, x, weight1, weight2):
    """a gradient where the last rectifier was closed"""
    before = _conv2d(x, weight1)
    hidden = np.maximum(before, 0)
    total = _conv2d(hidden, weight2) + x
    grad_total = grad_output * (total <= 0)
    grad_hidden, grad_weight2 = _conv2d_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_first, grad_weight1 = _conv2d_backward(grad_before, x, weight1)
    return grad_first + grad_total, grad_weight1, grad_weight2
