"""What is known of a submission's grading, kept in the notebook and shown on top of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import nbformat

from autograder.submission.intake import printable
from autograder.submission.job import EXPLANATIONS, Status, worst

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Of the notebook's metadata: {"status": ..., "detail": ..., "seconds": ..., "drawn_with": {},
# "digest": of what was handed in}.
KEY = "autograder"


def status_of(notebook: NotebookNode) -> tuple[Status, str]:
    """The status and detail that grading left in a notebook."""
    found = notebook.metadata.get(KEY, {})
    return Status(found.get("status", Status.GRADED)), found.get("detail", "")


def note(notebook: NotebookNode, status: Status, detail: str) -> None:
    """Leave a status in a notebook; a worse one that is there already stays."""
    detail = printable(detail, 2000)
    old, old_detail = status_of(notebook)
    if worst(old, status) is old and old is not Status.GRADED:
        status, detail = old, "; ".join(filter(None, [old_detail, detail]))
    elif old_detail:
        detail = "; ".join(filter(None, [detail, old_detail]))
    notebook.metadata[KEY] = {
        **notebook.metadata.get(KEY, {}),
        "status": str(status),
        "detail": detail,
    }


def show(notebook: NotebookNode) -> NotebookNode:
    """Put the status on top, where the instructor and the student see it."""
    status, detail = status_of(notebook)
    text = f"**Grading: {status}.** {EXPLANATIONS[status]}"
    for name, value in notebook.metadata.get(KEY, {}).get("drawn_with", {}).items():
        text += f" Hidden cases were drawn with `{name}={value}`."
    if detail:  # holds words of the student's code: shown as code, where nothing is interpreted
        safe = html.escape(" ".join(detail.split())).replace("`", "'")
        text += f"\n\n<code>{safe}</code>"
    cell = nbformat.v4.new_markdown_cell(text)
    cell["id"] = "grading-status"
    if notebook.nbformat_minor < 5:
        cell.pop("id")
    notebook.cells.insert(0, cell)
    return notebook
