"""Wrong answers to `conv1d_input_gradient`, as students give them."""

import numpy as np


def averaged_where_windows_overlap(grad_output, weight, input_length):
    """a mean over the windows that overlap"""
    K = weight.shape[2]
    grad_x = np.zeros((len(grad_output), weight.shape[1], input_length))
    counts = np.zeros(input_length)
    for i in range(grad_output.shape[2]):
        grad_x[:, :, i : i + K] += np.einsum("no,ock->nck", grad_output[:, :, i], weight)
        counts[i : i + K] += 1
    return grad_x / counts


def descent_direction(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] -= grad_output[n, o, i] * weight[o]
    return grad_x


def divided_by_the_batch(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return grad_x / N


def first_output_channel_only(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(1):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return grad_x


def kernel_flipped(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o, :, ::-1]
    return grad_x


def kernel_of_the_first_channel(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o, :1]
    return grad_x


def last_output_channel_only(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in [O - 1]:
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return grad_x


def local_gradient_only(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += weight[o]
    return grad_x


def mean_of_output_channels(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return grad_x / O


def one_place_to_the_left(grad_output, weight, input_length):
    """a gradient moved by one place to the left"""
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return np.concatenate([grad_x[:, :, 1:], np.zeros((N, C, 1))], axis=2)


def one_place_to_the_right(grad_output, weight, input_length):
    """a gradient moved by one place to the right"""
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return np.concatenate([np.zeros((N, C, 1)), grad_x[:, :, :-1]], axis=2)


def only_one_tap(grad_output, weight, input_length):
    """the last tap alone"""
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i + K - 1] += grad_output[n, o, i] * weight[o, :, K - 1]
    return grad_x


def overwritten(grad_output, weight, input_length):
    """each window writing over the one before it"""
    K = weight.shape[2]
    grad_x = np.zeros((len(grad_output), weight.shape[1], input_length))
    for i in range(grad_output.shape[2]):
        grad_x[:, :, i : i + K] = np.einsum("no,ock->nck", grad_output[:, :, i], weight)
    return grad_x


def stops_with_the_output(grad_output, weight, input_length):
    """a gradient that stops at the length of grad_output"""
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return grad_x[:, :, :L_out].copy()


def summed_over_the_batch(grad_output, weight, input_length):
    """a gradient summed over the batch"""
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return np.repeat(grad_x.sum(0, keepdims=True), N, 0)


def without_the_border(grad_output, weight, input_length):
    """a gradient without its border"""
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] += grad_output[n, o, i] * weight[o]
    return grad_x[:, :, K - 1 : L_out].copy()
