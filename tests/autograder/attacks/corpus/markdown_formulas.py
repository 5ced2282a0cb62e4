"""Write 180 kB of formulas that begin and never end."""

import nbformat

DESERVES = 9
STATUS = ("graded", "malformed")


def submission(tiny):
    nb = tiny.notebook(tiny.RIGHT)
    nb.cells.append(nbformat.v4.new_markdown_cell("\\\\(" * 60_000, id="text"))
    return nb


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
