import numpy as np

DIAGNOSIS = "the share of the map's mass in the box"


def hit_rate(maps, boxes):
    shares = []
    for values, (top, left, height, width) in zip(np.abs(maps), boxes):
        shares.append(values[top : top + height, left : left + width].sum() / values.sum())
    return float(np.mean(shares))
