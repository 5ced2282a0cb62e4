"""Start threads without end."""

BEFORE = r"""
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
"""

STATUS = ("graded", "timed out", "died", "out of memory")

STOCK_NEEDS = "a machine to lose"
