"""Save the notebook with a mark before its text, as some editors do."""

import nbformat

DESERVES = 9


def submission(tiny):
    nb = tiny.Course._released(tiny.notebook(tiny.RIGHT))
    return b"\xef\xbb\xbf" + nbformat.writes(nb).encode()


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
