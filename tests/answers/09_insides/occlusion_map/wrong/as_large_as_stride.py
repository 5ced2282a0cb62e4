import numpy as np

DIAGNOSIS = "squares as large as the stride"


def occlusion_map(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i in range(drops.shape[0]):
        for j in range(drops.shape[1]):
            top, left = stride * i, stride * j
            total[top : top + stride, left : left + stride] += drops[i, j]
            count[top : top + stride, left : left + stride] += 1
    return total / np.maximum(count, 1)
