import numpy as np

DIAGNOSIS = "boxes read as (top, left, bottom, right)"


def hit_rate(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < height and left <= column < width)
    return hits / len(maps)
