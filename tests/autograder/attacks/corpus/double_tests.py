"""Duplicate a check."""

STATUS = ("tampered",)


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    copy = type(nb)(tiny.find(nb, "test-visible"))
    copy["id"] = "copy"
    nb.cells.append(copy)
    return nb
