import numpy as np

DIAGNOSIS = "a gradient with its sign turned"


def conv1d_input_gradient(grad_output, weight, input_length):
    N, O, L_out = grad_output.shape
    _, C, K = weight.shape
    grad_x = np.zeros((N, C, input_length))
    for n in range(N):
        for o in range(O):
            for i in range(L_out):
                grad_x[n, :, i : i + K] -= grad_output[n, o, i] * weight[o]
    return grad_x
