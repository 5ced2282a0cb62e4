"""Return a petabyte, a list without end, and integers of a million digits."""

TASK = "arrays"

ANSWER = r"""
count = 0
def cross_correlate(x, weight):
    global count
    count += 1
    if count % 4 == 0: return np.broadcast_to(0.0, (10**8, 10**7))
    if count % 4 == 1: return 10 ** 10**6
    if count % 4 == 2: return [[0.0] * 1000] * 1000
    loop = []; loop.append(loop)
    return loop
"""
