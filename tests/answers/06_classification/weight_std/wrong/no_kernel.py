import numpy as np

DIAGNOSIS = "a kernel of one pixel"


def weight_std(shape, method):
    taps = 1
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))
