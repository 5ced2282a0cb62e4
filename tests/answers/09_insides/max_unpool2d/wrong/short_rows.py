import numpy as np

DIAGNOSIS = "rows of the wrong length: H in place of W"


def max_unpool2d(x, indices, output_size):
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    for a, b, i, j in np.ndindex(*x.shape):
        k = indices[a, b, i, j]
        y[a, b].flat[(k // h * w + k % h) % (h * w)] = x[a, b, i, j]
    return y
