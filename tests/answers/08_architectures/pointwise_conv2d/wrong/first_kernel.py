import numpy as np

DIAGNOSIS = "the first output channel, for all of them"


def pointwise_conv2d(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    y = np.einsum("c,ncij->nij", weight[0], x)
    return np.repeat(y[:, None], len(weight), 1)
