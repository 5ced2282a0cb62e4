import numpy as np


def hit_rate(maps, boxes):
    hits = []
    for values, (top, left, height, width) in zip(maps, boxes):
        mask = np.zeros(values.shape, bool)
        mask[top : top + height, left : left + width] = True
        hits.append(mask.flat[np.abs(values).argmax()])
    return sum(hits) / len(hits)
