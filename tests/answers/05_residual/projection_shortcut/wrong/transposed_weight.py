import numpy as np

DIAGNOSIS = "a transposed weight"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("co,ncij->noij", weight, seen)
