"""Hand in a notebook of 200 MB."""

STATUS = ("malformed",)


def submission(tiny):
    return b"{" + b" " * (200 * 1024**2) + b"}"
