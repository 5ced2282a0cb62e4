import numpy as np

DIAGNOSIS = "the last square's drop"


def occlusion_map(drops, input_size, size, stride):
    y = np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            y[stride * i : stride * i + size, stride * j : stride * j + size] = drops[i, j]
    return y
