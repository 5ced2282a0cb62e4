import numpy as np

DIAGNOSIS = "a variance"


def weight_std(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0] * taps
    if method == "kaiming":
        return 2 / fan_in
    return 2 / (fan_in + fan_out)
