import numpy as np

DIAGNOSIS = "a sum over the squares, not their mean"


def occlusion_map(drops, input_size, size, stride):
    axes = []
    for length, places in zip(input_size, drops.shape):
        offset = np.arange(length)[:, None] - stride * np.arange(places)
        axes.append(((offset >= 0) & (offset < size)).astype(float))
    return axes[0] @ drops @ axes[1].T
