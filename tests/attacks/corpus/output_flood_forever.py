"""Print without end."""

BEFORE = r"""
while True: print('x' * 100_000)
"""

STATUS = ("timed out", "died", "out of memory")

PAGE = 3000000
