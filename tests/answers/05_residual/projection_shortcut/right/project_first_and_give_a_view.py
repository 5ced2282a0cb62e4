import numpy as np


def projection_shortcut(x, weight, stride=1):
    y = np.tensordot(x, weight, axes=(1, 1)).transpose(0, 3, 1, 2)
    return y[:, :, ::stride, ::stride]
