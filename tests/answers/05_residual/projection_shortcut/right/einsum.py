import numpy as np


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)
