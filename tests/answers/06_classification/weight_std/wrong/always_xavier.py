import numpy as np

DIAGNOSIS = "Xavier's for every method"


def weight_std(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / (fan_in + fan_out))
    return np.sqrt(2 / (fan_in + fan_out))
