import numpy as np

DIAGNOSIS = "a percentage"


def hit_rate(maps, boxes):
    hits = 0
    for values, (top, left, height, width) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return 100 * hits / len(maps)
