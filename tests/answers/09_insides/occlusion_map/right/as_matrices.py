import numpy as np


def occlusion_map(drops, input_size, size, stride):
    axes = []
    for length, places in zip(input_size, drops.shape):
        offset = np.arange(length)[:, None] - stride * np.arange(places)
        axes.append(((offset >= 0) & (offset < size)).astype(float))
    rows, columns = axes
    total = rows @ drops @ columns.T
    count = rows @ np.ones_like(drops) @ columns.T
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0)
