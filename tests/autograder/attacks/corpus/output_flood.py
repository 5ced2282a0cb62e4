"""Print one line of 20 MB."""

BEFORE = r"""
print('x' * 20_000_000)
"""

STATUS = ("graded", "timed out")  # it depends on how fast the line is read

PAGE = 3000000
