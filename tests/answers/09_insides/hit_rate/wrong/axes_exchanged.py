import numpy as np

DIAGNOSIS = "rows and columns exchanged"


def hit_rate(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        column, row = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return hits / len(maps)
