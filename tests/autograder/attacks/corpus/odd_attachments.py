"""Give text cells attachments that are no pictures."""

import nbformat


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    odd = [
        {"a.png": {"image/png": ["no", "text"]}},
        {"a.png": {"image/png": "<script>LEAKED</script>", "text/html": "<script>LEAKED</script>"}},
        {"../../a.svg": {"image/svg+xml": "<svg onload='LEAKED'/>"}},
        {"a.png": {}},
    ]
    for number, attachments in enumerate(odd):
        text = "![](attachment:a.png) ![](attachment:../../a.svg) <img src='attachment:a.png'>"
        cell = nbformat.v4.new_markdown_cell(text, id=f"text-{number}")
        cell["attachments"] = attachments
        nb.cells.append(cell)
    return nb


SCRIPT = True
STATUS = ("graded", "malformed")
