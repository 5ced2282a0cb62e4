"""Hand in 300 MB of zeros in place of the notebook."""

STATUS = ("malformed",)


def submission(tiny):
    return None


def beside(folder):
    with (folder / "sums.ipynb").open("wb") as file:
        file.truncate(300 << 20)


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
