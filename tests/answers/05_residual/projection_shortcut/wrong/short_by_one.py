import numpy as np

DIAGNOSIS = "a result without its last row and column"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)[:, :, :-1, :-1]
