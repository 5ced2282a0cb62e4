"""End the process in the middle."""

BEFORE = r"""
import os; os._exit(0)
"""

STATUS = ("died",)
