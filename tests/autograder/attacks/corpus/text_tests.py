"""Turn a check into text."""

STATUS = ("tampered",)


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    cell = tiny.find(nb, "test-visible")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    return nb
