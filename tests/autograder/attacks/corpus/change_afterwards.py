"""Return the wrong array and change it, and the arguments, while it is compared."""

TASK = "arrays"

BEFORE = r"""
import threading, time
results = []
def change():
    while True:
        for result, x in results[-50:]:
            result[...] = 4.0
            x[...] = 0
        time.sleep(0.0005)
threading.Thread(target=change, daemon=True).start()
"""

ANSWER = r"""
def cross_correlate(x, weight):
    result = np.zeros((x.shape[0] - weight.shape[0] + 1, x.shape[1] - weight.shape[1] + 1))
    results.append((result, x))
    return result
"""
