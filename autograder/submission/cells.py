"""What nbgrader's metadata says of a cell, for processes that import no nbgrader."""

from __future__ import annotations

from nbformat import NotebookNode


def is_graded(cell: NotebookNode) -> bool:
    """Whether marks depend on what this cell puts out."""
    return cell.cell_type == "code" and _says(cell, "grade") and not _says(cell, "solution")


def is_locked(cell: NotebookNode) -> bool:
    """Whether this is code that a student may not change."""
    return (
        cell.cell_type == "code"
        and not _says(cell, "solution")
        and (_says(cell, "grade") or _says(cell, "locked"))
    )


def _says(cell, what):
    return bool(cell.metadata.get("nbgrader", {}).get(what, False))
