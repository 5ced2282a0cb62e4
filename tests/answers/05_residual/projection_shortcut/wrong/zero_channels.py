import numpy as np

DIAGNOSIS = "an input padded with channels of zeros, without the projection"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    more = len(weight) - x.shape[1]
    return np.pad(seen, ((0, 0), (0, more), (0, 0), (0, 0)))
