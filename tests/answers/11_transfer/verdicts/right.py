import numpy as np


def sorted_lists(scratch, transferred):
    out = {}
    for n in scratch:
        a, b = sorted(scratch[n]), sorted(transferred[n])
        if b[0] > a[-1]:
            out[n] = 1
        elif b[-1] < a[0]:
            out[n] = -1
        else:
            out[n] = 0
    return out


def every_pair(scratch, transferred):
    def above(one, other):
        return all(a > b for a in one for b in other)

    return {n: above(transferred[n], v) - above(v, transferred[n]) for n, v in scratch.items()}


def differences(scratch, transferred):
    out = {}
    for n, values in scratch.items():
        gaps = np.subtract.outer(transferred[n], values)
        out[n] = 1 if (gaps > 0).all() else -1 if (gaps < 0).all() else 0
    return out


def arrays(scratch, transferred):
    found = {}
    for images in transferred:
        s, t = np.array(scratch[images]), np.array(transferred[images])
        found[images] = int(np.sign(max(t.min() - s.max(), 0) - max(s.min() - t.max(), 0)))
    return found
