"""Hold 3 GB in files of memory that no process has mapped, under a limit of 1 GB."""

BEFORE = r"""
import os
block, held = bytes(2**20), []
for _ in range(24):
    held.append(os.memfd_create("held"))
    for _ in range(128):
        os.write(held[-1], block)
"""

STATUS = ("out of memory", "died")
NEEDS_GROUP = True

STOCK_NEEDS = "a machine to lose"
