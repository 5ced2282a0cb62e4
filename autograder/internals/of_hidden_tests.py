"""A cell without its hidden tests, as nbgrader releases it.

Read: `ClearHiddenTests._remove_hidden_test_region` (preprocessors/clearhiddentests.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
from nbgrader.preprocessors import ClearHiddenTests

if TYPE_CHECKING:
    from traitlets.config import LoggingConfigurable


def released(source: str, parent: LoggingConfigurable | None = None) -> str:
    """A cell's source as students got it: without the hidden tests."""
    cell = nbformat.v4.new_code_cell(source)
    ClearHiddenTests(parent=parent)._remove_hidden_test_region(cell)
    return cell.source
