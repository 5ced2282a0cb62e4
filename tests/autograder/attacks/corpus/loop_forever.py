"""Loop forever in the answer."""

ANSWER = r"""
def add(a, b):
    while True:
        pass
"""

STATUS = ("timed out",)
WAITS = True
