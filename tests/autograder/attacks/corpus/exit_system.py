"""Raise SystemExit in the answer."""

ANSWER = r"""
import sys
def add(a, b):
    sys.exit(0)
"""

STATUS = ("graded",)
