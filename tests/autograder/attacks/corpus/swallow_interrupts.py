"""Catch every interrupt and go on."""

BEFORE = r"""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

STATUS = ("timed out",)
WAITS = True
