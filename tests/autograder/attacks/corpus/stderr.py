"""Write to stderr: it must neither cost nor earn."""

ANSWER = r"""
import sys
def add(a, b):
    print("careful", file=sys.stderr)
    return a + b
"""

DESERVES = 9
