"""Look at the other processes of the machine in /proc."""

BEFORE = r"""
import os
others = [n for n in os.listdir("/proc") if n.isdigit() and int(n) not in (os.getpid(), 1)]
for number in others:
    try:
        text = open(f"/proc/{number}/cmdline").read()
        if "nbgrader" in text or "pytest" in text or "forkserver" in text or "autograde" in text:
            print("LEAKED", text[:50])
    except OSError:
        pass
"""
