"""Take all the memory there is."""

BEFORE = r"""
hog = []
while True:
    hog.append(bytes(range(256)) * 2**20)
"""

STATUS = ("out of memory", "timed out")

STOCK_NEEDS = "a machine to lose"
