"""Raise the points of a check."""

STATUS = ("tampered",)

DESERVES = 4.5


def submission(tiny):
    nb = tiny.notebook(tiny.HALF)
    tiny.find(nb, "test-partial").metadata.nbgrader["points"] = 100
    return nb
