import numpy as np


def hit_rate(maps, boxes):
    hits = 0
    for values, box in zip(np.square(maps), boxes):
        row, column = divmod(int(values.argmax()), values.shape[1])
        hits += (row - box[0]) in range(box[2]) and (column - box[1]) in range(box[3])
    return hits / len(boxes)
