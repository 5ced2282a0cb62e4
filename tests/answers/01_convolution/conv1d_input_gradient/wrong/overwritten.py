import numpy as np

DIAGNOSIS = "each window writing over the one before it"


def conv1d_input_gradient(grad_output, weight, input_length):
    K = weight.shape[2]
    grad_x = np.zeros((len(grad_output), weight.shape[1], input_length))
    for i in range(grad_output.shape[2]):
        grad_x[:, :, i : i + K] = np.einsum("no,ock->nck", grad_output[:, :, i], weight)
    return grad_x
