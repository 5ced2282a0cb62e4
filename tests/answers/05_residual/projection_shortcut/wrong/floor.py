import numpy as np

DIAGNOSIS = "an output that is cut to whole blocks"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride][:, :, : x.shape[2] // stride, : x.shape[3] // stride]
    return np.einsum("oc,ncij->noij", weight, seen)
