import numpy as np

DIAGNOSIS = "the methods in each other's place"


def weight_std(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "xavier":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))
