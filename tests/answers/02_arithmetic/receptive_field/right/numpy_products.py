import numpy as np


def receptive_field(layers):
    k, s, p, d = np.array(layers).T
    jumps = np.concatenate([[1], np.cumprod(s)])
    size = 1 + np.sum((k - 1) * d * jumps[:-1])
    return size, jumps[-1], -np.sum(p * jumps[:-1])
