"""Hand in what is no JSON."""

STATUS = ("malformed",)


def submission(tiny):
    return b"{not json"
