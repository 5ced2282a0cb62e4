import numpy as np


def conv1d_input_gradient(grad_output, weight, input_length):
    L_out = grad_output.shape[2]
    grad_x = np.zeros((len(grad_output), weight.shape[1], input_length), dtype=weight.dtype)
    for k in range(weight.shape[2]):
        grad_x[:, :, k : k + L_out] += np.matmul(weight[:, :, k].T, grad_output)
    return grad_x
