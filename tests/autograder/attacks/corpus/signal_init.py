"""Signal the process that watches over the kernel."""

BEFORE = r"""
import os, signal
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
    try:
        os.kill(1, number)
    except OSError:
        pass
"""

STOCK_NEEDS = "a machine to lose"
