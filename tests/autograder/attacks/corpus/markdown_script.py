"""Put a script into a text cell, for the instructor's browser."""

SCRIPT = True


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    nb.cells[0].source = "<script>LEAKED()</script>"
    return nb
