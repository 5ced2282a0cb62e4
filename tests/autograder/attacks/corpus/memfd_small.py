"""Hold 3 GB in files of memory, as a process so small that others of the sandbox look guilty."""

HOLD = r"""
import os
block, held = bytes(2**20), []
for _ in range(24):
    held.append(os.memfd_create("held"))
    for _ in range(128):
        os.write(held[-1], block)
"""

BEFORE = f"""
import os, sys
os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", {HOLD!r}])
"""

STATUS = ("out of memory", "died")
NEEDS_GROUP = True

STOCK_NEEDS = "a machine to lose"
