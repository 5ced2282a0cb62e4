import numpy as np


def occlusion_map(drops, input_size, size, stride):
    y = np.zeros(input_size)
    for row in range(input_size[0]):
        for column in range(input_size[1]):
            covering = [
                drops[i, j]
                for i in range(drops.shape[0])
                for j in range(drops.shape[1])
                if 0 <= row - stride * i < size and 0 <= column - stride * j < size
            ]
            if covering:
                y[row, column] = sum(covering) / len(covering)
    return y
