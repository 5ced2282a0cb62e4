import numpy as np

DIAGNOSIS = "a mean over the channels"


def projection_shortcut(x, weight, stride=1):
    seen = x[:, :, ::stride, ::stride]
    return np.einsum("oc,ncij->noij", weight, seen) / x.shape[1]
