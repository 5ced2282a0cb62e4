import numpy as np

DIAGNOSIS = "a stride for columns only"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, :, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen)
