"""Cells of a notebook, with the metadata that nbgrader asks for."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def notebook(cells: list[NotebookNode]) -> NotebookNode:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=about)


def markdown(name: str, source: str) -> NotebookNode:
    return new_markdown_cell(source.strip(), id=name)


def code(name: str, source: str) -> NotebookNode:
    return new_code_cell(source.strip(), id=name)


def locked(cell: NotebookNode, points: float | None = None) -> NotebookNode:
    """A cell that grading puts back as it was; with points, one that is graded."""
    return _marked(cell, solution=False, points=points)


def answer(cell: NotebookNode) -> NotebookNode:
    """A cell that a student writes in."""
    return _marked(cell, solution=True, points=None)


def _marked(cell: NotebookNode, solution: bool, points: float | None) -> NotebookNode:
    about = {
        "grade": points is not None,
        "grade_id": cell.id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        about["points"] = points
    cell.metadata["nbgrader"] = about
    return cell
