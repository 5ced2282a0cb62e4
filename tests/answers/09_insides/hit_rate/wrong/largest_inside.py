import numpy as np

DIAGNOSIS = "the largest value, not the largest magnitude"


def hit_rate(maps, boxes):
    hits = []
    for values, (top, left, height, width) in zip(maps, boxes):
        inside = values[top : top + height, left : left + width]
        hits.append(inside.max() == values.max())
    return float(np.mean(hits))
