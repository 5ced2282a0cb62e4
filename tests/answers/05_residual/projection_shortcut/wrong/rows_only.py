import numpy as np

DIAGNOSIS = "a stride for rows only"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)
