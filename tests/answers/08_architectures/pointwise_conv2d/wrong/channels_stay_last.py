import numpy as np

DIAGNOSIS = "the channels last"


def pointwise_conv2d(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    return np.moveaxis(x, 1, -1) @ weight.T
