import numpy as np


def audit(rows):
    right = [
        int(c * o * np.prod(np.broadcast_to(k, 2)) * np.prod(size)) for _, c, o, k, size, _ in rows
    ]
    return [row[-1] - count for row, count in zip(rows, right)], sum(right)
