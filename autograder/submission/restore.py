"""Gives the cells that grading depends on back what the gradebook knows about them.

In place of nbgrader's DeduplicateIds, OverwriteKernelspec, OverwriteCells and CheckCellMetadata: of
several cells with one id the last counts, what nbgrader's metadata says comes from the gradebook
alone, and cells that are missing are put back. A submission cannot make the later steps fail,
whatever it holds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import nbformat

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTICE = "# This cell was missing from the submission; it was put back.\n"


@dataclass(frozen=True)
class Known:
    """What the gradebook knows of a notebook; plain data.

    Attributes:
        cells: {grade id: (cell type, source, source as students got it, nbgrader's metadata)}.
        kernelspec: the notebook's, as JSON, or None.
    """

    cells: dict = field(default_factory=dict)
    kernelspec: str | None = None

    def answers(self) -> tuple[str, ...]:
        """The sources of the cells for answers in code, as students got them."""
        cells = self.cells.values()
        return tuple(s for kind, s, _, about in cells if kind == "code" and not about["locked"])


def restore(nb: NotebookNode, gradebooks: Known) -> list[str]:
    """Restore a notebook's cells in place; gives what had been changed, in words."""
    if gradebooks.kernelspec:
        nb.metadata["kernelspec"] = nbformat.from_dict(json.loads(gradebooks.kernelspec))
    return _restored(nb, gradebooks.cells) + _put_back(nb, gradebooks.cells)


def _restored(nb, known):
    changes, seen = [], set()
    for cell in reversed(nb.cells):
        claimed = cell.metadata.pop("nbgrader", None)
        if not isinstance(claimed, dict) or not isinstance(claimed.get("grade_id"), str):
            continue
        name = claimed["grade_id"]
        if name not in known:
            continue
        kind, source, released, metadata = known[name]
        if name in seen:
            changes.append(f"{name} is there more than once")
            continue
        seen.add(name)
        if cell.cell_type != kind:
            changes.append(f"{name} was a {kind} cell")
            for key in ("outputs", "execution_count", "attachments"):
                cell.pop(key, None)
            cell.cell_type = kind
            if kind == "code":
                cell.outputs, cell.execution_count = [], None
        asked = ("grade", "solution", "locked", "points")
        if any(claimed.get(key) != metadata.get(key) for key in asked if key in claimed):
            changes.append(f"the settings of {name} were changed")
        if metadata["locked"]:
            if cell.source.strip() not in (source.strip(), released.strip()):
                changes.append(f"{name} was edited")
            cell.source = source
            cell.metadata.pop("tags", None)  # a tag can keep a cell from being run
        cell.metadata["nbgrader"] = nbformat.from_dict(metadata)
    return changes[::-1]


def _put_back(nb, known):
    places = {
        cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if "nbgrader" in cell.metadata
    }
    changes, before = [], None
    for name, (kind, source, _, metadata) in known.items():
        if name not in places:
            make = getattr(nbformat.v4, f"new_{kind}_cell")
            if not metadata["locked"] and kind == "code":
                source = NOTICE + source
            cell = make(source, metadata={"nbgrader": dict(metadata)})
            if nb.nbformat_minor < 5:
                cell.pop("id", None)
            index = 0 if before is None else nb.cells.index(before) + 1
            nb.cells.insert(index, cell)
            places[name] = cell
            changes.append(f"{name} was missing")
        before = places[name]
    return changes
