"""Hand in a folder without the notebook."""

STATUS = ("malformed",)


def submission(tiny):
    return None
