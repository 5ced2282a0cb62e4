"""Hand in raw cells that call themselves HTML."""

import nbformat


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    for number, key in enumerate(("raw_mimetype", "format")):
        cell = nbformat.v4.new_raw_cell("<script>LEAKED</script>", id=f"raw-{number}")
        cell.metadata[key] = "text/html"
        nb.cells.append(cell)
    return nb


SCRIPT = True
