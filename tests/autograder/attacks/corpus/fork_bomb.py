"""Fork without end."""

BEFORE = r"""
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""

STATUS = ("timed out", "died", "graded", "out of memory")
WAITS = True

STOCK_NEEDS = "a machine to lose"
