import numpy as np

DIAGNOSIS = "the first example of the batch, for all of them"


def pointwise_conv2d(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    y = np.einsum("oc,cij->oij", weight, x[0])
    return np.stack([y] * len(x))
