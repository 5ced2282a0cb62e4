"""Hand in a link to another student's notebook."""

STATUS = ("malformed",)


LINKS = {"sums.ipynb": "submitted/victim/sums/sums.ipynb"}


def submission(tiny):
    return None
