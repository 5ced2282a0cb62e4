"""End the process in the first check, hoping that what did not run counts."""

ANSWER = r"""
import os
def add(a, b):
    os._exit(0)
"""

STATUS = ("died",)
