"""Print without end."""

BEFORE = r"""
while True: print('x' * 100_000)
"""

STATUS = ("timed out", "died", "out of memory")
WAITS = True

PAGE = 3000000
