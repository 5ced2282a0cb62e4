"""`nbgrader validate`, where its options end.

Read: `Validator._preprocess`, `_print_num_failed` and `_indent` (validator.py), and where it is
made (apps/validateapp.py).
"""

from __future__ import annotations

import textwrap

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbgrader import validator
from nbgrader.apps import validateapp


class Validator(validator.Validator):
    """nbgrader's, which looks at the notebook first and may say more where nothing failed."""

    def look(self, notebook: NotebookNode) -> None:
        """See the notebook before it is run."""

    def passed(self) -> str:
        """What is said where nothing failed; empty for nbgrader's own sentence."""
        return ""

    def _preprocess(self, nb):
        self.look(nb)
        return super()._preprocess(nb)

    def _print_num_failed(self, num_failed: int) -> None:
        if says := "" if num_failed else self.passed():
            self.stream.write(says)
        else:
            super()._print_num_failed(num_failed)

    def _indent(self, val: str) -> str:
        # nbgrader cuts each line at 90 columns, and with it what a check has to say.
        return textwrap.indent(strip_ansi(val), self.indent)


def validated_by(kind: type[Validator]) -> None:
    """Have `nbgrader validate` use this validator: it has no option for it."""
    validateapp.Validator = kind
