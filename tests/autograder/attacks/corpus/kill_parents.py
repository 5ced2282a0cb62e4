"""Kill every process that can be reached."""

BEFORE = r"""
import os, signal
for number in (os.getppid(), -1):
    try:
        if number not in (0,):
            os.kill(number, signal.SIGKILL)
    except OSError as problem:
        print(problem)
"""

STATUS = ("died", "graded")

STOCK_NEEDS = "a machine to lose"
