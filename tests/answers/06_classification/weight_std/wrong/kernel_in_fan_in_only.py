import numpy as np

DIAGNOSIS = "a Xavier with a kernel in its fan-in alone"


def weight_std(shape, method):
    taps = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * taps, shape[0]
    if method == "kaiming":
        return np.sqrt(2 / fan_in)
    return np.sqrt(2 / (fan_in + fan_out))
