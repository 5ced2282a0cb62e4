import numpy as np

DIAGNOSIS = "boxes with height and width exchanged"


def hit_rate(maps, boxes):
    hits = 0
    for values, (top, left, width, height) in zip(maps, boxes):
        row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
        hits += bool(top <= row < top + height and left <= column < left + width)
    return hits / len(maps)
