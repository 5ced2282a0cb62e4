import numpy as np

DIAGNOSIS = "the upper left corner in place of every stride-th pixel"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, : -(-x.shape[2] // stride), : -(-x.shape[3] // stride)]
    return np.einsum("oc,ncij->noij", weight, seen)
