import numpy as np


def conv1d_input_gradient(grad_output, weight, input_length):
    O, C, K = weight.shape
    L_out = input_length - K + 1
    A = np.zeros((O, L_out, C, input_length))
    for i in range(L_out):
        A[:, i, :, i : i + K] = weight
    A = A.reshape(O * L_out, C * input_length)
    return (grad_output.reshape(len(grad_output), -1) @ A).reshape(-1, C, input_length)
