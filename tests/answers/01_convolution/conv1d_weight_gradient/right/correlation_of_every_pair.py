import numpy as np


def conv1d_weight_gradient(grad_output, x, kernel_size):
    result = np.zeros((grad_output.shape[1], x.shape[1], kernel_size), dtype=x.dtype)
    for n, o, c in np.ndindex(len(x), *result.shape[:2]):
        result[o, c] += np.correlate(x[n, c], grad_output[n, o], mode="valid")
    return result
