import numpy as np

DIAGNOSIS = "a mean of each block in place of its first pixel"


def projection_shortcut(x, weight, stride=1):
    N, C, H, W = x.shape
    H, W = H // stride, W // stride
    blocks = x[:, :, : H * stride, : W * stride].reshape(N, C, H, stride, W, stride)
    seen = blocks.mean(axis=(3, 5))
    return np.einsum("oc,ncij->noij", weight, seen)
