import numpy as np

DIAGNOSIS = "Xavier's bound"


def weight_std(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(6 / (fan_in + fan_out))
