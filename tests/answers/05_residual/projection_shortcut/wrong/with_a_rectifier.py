import numpy as np

DIAGNOSIS = "a projection with a rectifier"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.maximum(np.einsum("oc,ncij->noij", weight, seen), 0)
