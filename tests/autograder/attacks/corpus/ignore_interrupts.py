"""Ignore interrupts and loop: the rest of the notebook earns nothing."""

BEFORE = r"""
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass
"""

STATUS = ("timed out",)
WAITS = True
