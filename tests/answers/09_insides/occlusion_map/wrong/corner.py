import numpy as np

DIAGNOSIS = "the drop in the corner of its square alone"


def occlusion_map(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + 1, left : left + 1] += drops[i, j]
            count[top : top + 1, left : left + 1] += 1
    return total / np.maximum(count, 1)
