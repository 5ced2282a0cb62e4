"""Fill the disk."""

BEFORE = r"""
with open("/tmp/big", "wb") as file:
    while True:
        file.write(bytes(2**20))
"""

STATUS = ("graded",)

STOCK_NEEDS = "a machine to lose"
