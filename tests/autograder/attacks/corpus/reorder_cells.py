"""Move the locked imports behind the checks, and give their names other meanings."""

TASK = "arrays"

BEFORE = r"""
import numpy as np
class checks:
    def cross_correlate(function, points=1, hidden=None): return points
"""


def submission(tiny):
    from tests.autograder.attacks import harness

    nb = harness.arrays(harness.WRONG_ARRAYS, BEFORE)
    nb.cells.append(nb.cells.pop(0))
    return nb
