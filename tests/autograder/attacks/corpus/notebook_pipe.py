"""Hand in a pipe in place of the notebook."""

import os

STATUS = ("malformed",)


def submission(tiny):
    return None


def beside(folder):
    os.mkfifo(folder / "sums.ipynb")


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
