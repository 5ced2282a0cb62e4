import numpy as np

DIAGNOSIS = "a projection without its stride"


def projection_shortcut(x, weight, stride=1):
    seen = x
    return np.einsum("oc,ncij->noij", weight, seen)
