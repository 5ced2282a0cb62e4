"""What may stay of the outputs of a graded notebook: marks that are marks, no flood, no scripts."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import nbformat

from autograder.pages.clean import clean_html
from autograder.submission.cells import is_graded

if TYPE_CHECKING:
    from nbformat import NotebookNode

# A picture, or text; what the pages make of them is theirs to say.
KEPT = {
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "application/json",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/svg+xml",
}
NUMPY_NUMBER = re.compile(r"np\.\w+\(([^()]*)\)")


def error(name: str, message: str) -> NotebookNode:
    """An error output; a cell that has one earns no points."""
    return nbformat.v4.new_output(
        "error", ename=name, evalue=message, traceback=[f"{name}: {message}"]
    )


def has_error(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def well_formed(kind: str, content: Any) -> bool:
    """Whether a message's content has the types that its kind has in Jupyter's protocol."""
    if kind == "stream":
        return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)
    if kind == "error":
        lines = content.get("traceback")
        texts = [content.get("ename"), content.get("evalue"), *(lines or [])]
        return isinstance(lines, list) and all(isinstance(text, str) for text in texts)
    if kind in ("display_data", "execute_result", "update_display_data"):
        data = content.get("data")
        return (
            isinstance(data, dict)
            and isinstance(content.get("metadata"), dict)
            and isinstance(content.get("transient") or {}, dict)
            and all(isinstance(v, str) or k.endswith("json") for k, v in data.items())
            and (kind != "execute_result" or isinstance(content.get("execution_count"), int))
        )
    return False


def size(content: Any) -> int:
    """About how many bytes a message's content takes, its fixed parts included."""
    if isinstance(content, dict):
        return 16 + sum(len(str(key)) + size(value) for key, value in content.items())
    if isinstance(content, (list, tuple)):
        return 16 + sum(size(value) for value in content)
    return len(content) if isinstance(content, (str, bytes)) else 8


def remove_scripts(cell: NotebookNode) -> None:
    """Leave in the outputs nothing that a browser would run, should anybody else show them."""
    for output in cell.outputs:
        data = output.get("data")
        if data is None:
            continue
        for kind in list(data):
            if kind == "text/html":
                data[kind] = clean_html("".join(data[kind]))
            elif kind not in KEPT:
                del data[kind]
        output.metadata = {}


def settle_marks(cell: NotebookNode) -> str | None:
    """Make the outputs of a graded cell say one plain number of points, or an error.

    nbgrader takes stderr for a failure, and a number it cannot place (NaN, a negative one, numpy's
    way of writing one) for full marks. Here stderr is shown but costs nothing, and what is no mark
    between 0 and the cell's points earns none.

    Returns:
        A sentence for the instructor where the result was no mark, else None.
    """
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if has_error(cell) or not results:
        return None
    name, points = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
    if len(results) > 1:
        problem = f"{name}: {len(results)} results came from one cell"
    else:
        text = "".join(results[0].data.get("text/plain", ""))
        number = NUMPY_NUMBER.fullmatch(text)
        try:
            mark = float(number.group(1) if number else text)
        except ValueError:
            if text:
                return None  # not a number: nbgrader's rule holds, the cell ran and passed
            mark = math.nan
        if 0 <= mark <= points:
            results[0].data["text/plain"] = repr(mark)
            return None
        problem = f"{name}: the result {text[:40]!r} is no mark between 0 and {points:g}"
    cell.outputs.append(error("NoMark", problem))
    cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
    return problem


def settle(notebook: NotebookNode) -> list[str]:
    """Apply both to a whole notebook; returns what the instructor should look at."""
    problems = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if is_graded(cell):
            problems.append(settle_marks(cell))
        remove_scripts(cell)
    return [problem for problem in problems if problem]
