"""Hand in the notebook under another name."""

STATUS = ("malformed",)


FILES = {"Sums (1).ipynb": b"{}"}


def submission(tiny):
    return None
