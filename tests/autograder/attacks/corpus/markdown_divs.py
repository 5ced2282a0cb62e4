"""Write 1 MB of <div> that are never closed."""

import nbformat

DESERVES = 9
STATUS = ("graded", "malformed")


def submission(tiny):
    nb = tiny.notebook(tiny.RIGHT)
    nb.cells.append(nbformat.v4.new_markdown_cell("<div>" * 200_000, id="text"))
    return nb


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
