import numpy as np

DIAGNOSIS = "the last use of each weight alone, last example and last position"


def conv1d_weight_gradient(grad_output, x, kernel_size):
    N, O, L_out = grad_output.shape
    C = x.shape[1]
    grad_weight = np.zeros((O, C, kernel_size))
    for n in range(N):
        for i in range(L_out):
            for k in range(kernel_size):
                grad_weight[:, :, k] = np.outer(grad_output[n, :, i], x[n, :, i + k])
    return grad_weight
