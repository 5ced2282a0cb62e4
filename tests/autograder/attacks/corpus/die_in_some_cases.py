"""End the process in some cases of the checks: the others keep their marks."""

TASK = "arrays"

ANSWER = r"""
import os
def cross_correlate(x, weight):
    if x.shape == (3, 4):
        os._exit(1)
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape)
    return (windows * weight).sum((2, 3))
"""

# Of the three that compare one array, one; of the course's own, five cases in six each.
DESERVES = 2 + 2.5 + 3.33
STATUS = ("died",)
STOCK_IS = "the kernel dies, and all marks with it"
