"""Hand in a zip of notebooks under the notebook's name."""

STATUS = ("malformed",)


def submission(tiny):
    return b"PK\x03\x04" + bytes(200)
