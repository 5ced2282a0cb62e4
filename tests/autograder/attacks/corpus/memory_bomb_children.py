"""Take all the memory there is, in many processes."""

BEFORE = r"""
import os, time
for _ in range(12):
    if os.fork() == 0:
        hog = bytes(range(256)) * (5 * 2**20)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""

STATUS = ("out of memory", "timed out", "died")
WAITS = True

STOCK_NEEDS = "a machine to lose"
