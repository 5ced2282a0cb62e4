import numpy as np


def layers_by_stage(blocks, bottleneck=True):
    stages = np.array(blocks) * (3 if bottleneck else 2)
    return tuple(int(n) for n in np.concatenate([[1], stages, [1]]))
