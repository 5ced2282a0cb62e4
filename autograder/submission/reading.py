"""A submission's bytes become a notebook, read without trust."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat

from autograder.sandbox.json_depth import too_deep
from autograder.submission.job import Malformed

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.sandbox.limits import Limits


def read_notebook(content: bytes, limits: Limits) -> NotebookNode:
    """Parse the bytes of a submission.

    Returns:
        The notebook in nbformat 4, without outputs.

    Raises:
        Malformed: it is too large, or no notebook.
    """
    if len(content) > limits.notebook:
        raise Malformed(
            f"the file has {len(content):,} bytes, at most {limits.notebook:,} are read"
        )
    if too_deep(content):
        raise Malformed("the file is nested too deeply")
    if content.count(b"[") + content.count(b"{") > limits.brackets:
        raise Malformed(f"the file has more than {limits.brackets:,} brackets")
    try:
        data = json.loads(content.decode("utf-8-sig"))  # some editors put a mark before the text
        if not isinstance(data, dict) or "nbformat" not in data:
            raise Malformed("the file is JSON, but no notebook")
        _forget_outputs(data, limits)
        if _more_values(data, limits.values):
            raise Malformed(
                f"the file has more than {limits.values:,} values beside its outputs (such as "
                "entries in the metadata of a cell)"
            )
        # Half of an emoji is a character to JSON, and to nothing else.
        text = json.dumps(data, ensure_ascii=False).encode("utf-8", errors="replace").decode()
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)
        _, notebook = nbformat.validator.normalize(notebook)
        nbformat.validate(notebook)
    except Malformed:
        raise
    except UnicodeDecodeError as error:
        raise Malformed(f"the file is not in UTF-8: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"the file is no JSON: {error.msg} in line {error.lineno}") from error
    except Exception as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise Malformed(f"the file is no valid notebook: {reason[0][:200]}") from error
    return notebook


def plain(notebook: NotebookNode) -> bytes:
    """A notebook for the next step of a run, which judges it itself: `nbformat.writes` is slow."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8", errors="replace")


def _more_values(data, most):
    """Whether there are more than so many, each an object of all who read the notebook later."""
    waiting, count = [data], 1
    while waiting and count <= most:
        value = waiting.pop()
        inner = value.values() if type(value) is dict else value if type(value) is list else ()
        count += len(inner)
        waiting += [one for one in inner if type(one) in (dict, list)]
    return count > most


def _forget_outputs(data, limits):
    """Empty the outputs, of which nothing is needed, before anybody looks at them."""
    sheets = data.get("worksheets")  # of nbformat 3
    lists = [data.get("cells")]
    lists += [s.get("cells") for s in sheets if isinstance(s, dict)] if type(sheets) is list else []
    for cells in lists:
        if type(cells) is not list:
            continue
        if len(cells) > limits.cells:
            raise Malformed(
                f"the notebook has {len(cells):,} cells, at most {limits.cells:,} are read"
            )
        for cell in cells:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                cell["outputs"] = []
                if "execution_count" in cell:
                    cell["execution_count"] = None
