"""Hand in JSON nested 100,000 deep."""

STATUS = ("malformed",)


def submission(tiny):
    return b"[" * 100_000
