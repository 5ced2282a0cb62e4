import numpy as np


def conv1d_weight_gradient(grad_output, x, kernel_size):
    L_out = grad_output.shape[2]
    taps = [
        np.einsum("noi,nci->oc", grad_output, x[:, :, k : k + L_out]) for k in range(kernel_size)
    ]
    return np.stack(taps, axis=2)
