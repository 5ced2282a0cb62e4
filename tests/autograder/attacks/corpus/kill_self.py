"""Kill the kernel."""

BEFORE = r"""
import os; os.kill(os.getpid(), 9)
"""

STATUS = ("died",)
