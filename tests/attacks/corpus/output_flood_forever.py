"""Print without end."""

BEFORE = r"""
while True: print('x' * 100_000)
"""

STATUS = ("timed out", "died")

PAGE = 3000000
