import numpy as np

DIAGNOSIS = "a stride that begins with the second pixel"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, stride - 1 :: stride, stride - 1 :: stride]
    return np.einsum("oc,ncij->noij", weight, seen)
