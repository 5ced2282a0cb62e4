"""Right answers to `layers_by_stage`, as students give them."""

import numpy as np


def list_(blocks, bottleneck=True):
    counts = [1]
    for n in blocks:
        counts.append(3 * n if bottleneck else 2 * n)
    return [*counts, 1]


def numpy(blocks, bottleneck=True):
    stages = np.array(blocks) * (3 if bottleneck else 2)
    return tuple(int(n) for n in np.concatenate([[1], stages, [1]]))


def plus(blocks, bottleneck=True):
    stages = tuple((2 + bottleneck) * n for n in blocks)
    return (1,) + stages + (1,)


def star(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n for n in blocks), 1)
