"""Hand in a folder in place of the notebook."""

STATUS = ("malformed",)


def submission(tiny):
    return None


def beside(folder):
    (folder / "sums.ipynb").mkdir()


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
