"""Print one line of 20 MB."""

BEFORE = r"""
print('x' * 20_000_000)
"""

STATUS = ("graded",)

PAGE = 3000000
