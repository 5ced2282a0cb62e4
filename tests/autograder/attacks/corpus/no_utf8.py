"""Hand in bytes that are not UTF-8."""

STATUS = ("malformed",)


def submission(tiny):
    return b"\xff\xfe{\x00"
