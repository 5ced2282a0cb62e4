"""Wrong answers to `conv1d_weight_gradient`, as students give them."""

import numpy as np


def channels_summed(grad_output, x, kernel_size):
    """x summed over its channels"""
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(
                    grad_output[n, :, i], np.full(C, x[n, :, i + k].sum())
                )
    return grad_weight


def channels_swapped(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight.transpose(1, 0, 2).copy()


def descent_direction(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] -= np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight


def examples_mixed(grad_output, x, kernel_size):
    """examples mixed: the gradient of one times the input of another"""
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[:, :, i].sum(0), x[n, :, i + k])
    return grad_weight


def first_example_only(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(1):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight


def gradient_flipped(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, L_out - 1 - i], x[n, :, i + k])
    return grad_weight


def last_example_only(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        grad_weight[:] = 0
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight


def last_position_only(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in [L_out - 1]:
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight


def local_gradient_only(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(np.ones(O), x[n, :, i + k])
    return grad_weight


def mean_of_batch(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight / N


def mean_of_both(grad_output, x, kernel_size):
    """a mean over batch and positions"""
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight / (N * L_out)


def mean_of_positions(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight / L_out


def overwritten(grad_output, x, kernel_size):
    """the last use of each weight alone, last example and last position"""
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] = np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight


def same_window_for_every_tap(grad_output, x, kernel_size):
    """the same window of x for every tap"""
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i])
    return grad_weight


def taps_in_reverse(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] += np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight[:, :, ::-1].copy()
