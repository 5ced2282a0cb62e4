import numpy as np

DIAGNOSIS = "Kaiming's for tanh"


def weight_std(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return 5 / 3 / np.sqrt(fan_in)
    return np.sqrt(2 / (fan_in + fan_out))
