import numpy as np

DIAGNOSIS = "a picture of ones in place of zeros"


def max_unpool2d(x, indices, output_size):
    h, w = output_size
    n, c = x.shape[:2]
    y = np.ones((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, indices[a, b].ravel()] = x[a, b].ravel()
    return y.reshape(n, c, h, w)
