import numpy as np

DIAGNOSIS = "a mean over the pixels of a square"


def occlusion_map(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + size, left : left + size] += drops[i, j]
            count[top : top + size, left : left + size] += 1
    return total / size**2
