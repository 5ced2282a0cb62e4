import numpy as np

DIAGNOSIS = "the largest drop over the squares"


def occlusion_map(drops, input_size, size, stride):
    y = np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            window = y[stride * i : stride * i + size, stride * j : stride * j + size]
            np.maximum(window, drops[i, j], out=window)
    return y
