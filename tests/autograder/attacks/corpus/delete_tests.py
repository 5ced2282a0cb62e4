"""Delete the checks."""

STATUS = ("tampered",)


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    nb.cells = [c for c in nb.cells if not c.id.startswith("test")]
    return nb
