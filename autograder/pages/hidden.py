"""What students get to see of hidden checks: their reports and their number, never their source."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from nbconvert.filters import strip_ansi
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_locked
from traitlets import List

from autograder.internals.of_hidden_tests import released
from autograder.internals.of_validator import Validator

if TYPE_CHECKING:
    from nbformat import NotebookNode

MASK = "[hidden check]"
# What a page shows of an output that comes in several kinds. All else is left out.
KINDS = [
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "text/plain",
]


class HideHiddenChecks(ClearHiddenTests):
    """Remove hidden checks from the cells, and from every output that quotes them.

    What a hidden check reports stays, and so do the marks. nbgrader's own ClearHiddenTests is not
    enough here: a traceback quotes the source, and so can a student's print. Nor may it look at a
    student's own cells, where a stray "BEGIN HIDDEN TESTS" would end the work with an error.

    Used in `GenerateFeedback.preprocessors`, after GetGrades.
    """

    # Else nbgrader warns at each run that it is not recognised.
    display_data_priority = List(KINDS).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        self._hidden = []
        for cell in nb.cells:
            if is_grade(cell) and is_locked(cell):
                before, cell.source = cell.source, released(cell.source, self)
                kept = cell.source.splitlines()
                self._hidden += [line.strip() for line in before.splitlines() if line not in kept]
        # A line as short as ")" gives nothing away and stands in every text.
        self._hidden = [line for line in self._hidden if len(line) > 9]
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                self._clean(output)
        return nb, resources

    def _clean(self, output) -> None:
        if output.output_type == "error":
            output.evalue = self._masked(output.evalue)
            # Colours stand between the words of a quoted line.
            if self._quotes(strip_ansi("\n".join(output.traceback))):
                output.traceback = [f"{output.ename}: {output.evalue}"]
        elif output.output_type == "stream":
            output.text = self._masked(output.text)
        else:
            for kind, content in output.data.items():
                if isinstance(content, str):
                    output.data[kind] = self._masked(content)

    def _quotes(self, text: str) -> bool:
        return self._masked(text) != text

    def _masked(self, text: str) -> str:
        for line in self._hidden:
            for spelling in (line, html.escape(line), repr(line)[1:-1]):
                text = text.replace(spelling, MASK)
        return text


class VisibleChecksValidator(Validator):
    """Where nbgrader says "passes all the tests", name the hidden checks that still come.

    Only the command line prints this. The Validate button of JupyterLab carries its sentence in its
    own JavaScript, out of reach from here: the exercise itself says what "Success!" means.
    """

    def look(self, notebook: NotebookNode) -> None:
        checks = [cell for cell in notebook.cells if is_grade(cell) and is_locked(cell)]
        # In a released notebook a hidden check is a cell with nothing but a comment.
        self._unseen = [cell for cell in checks if not has_code(cell)]
        self._seen = len(checks) - len(self._unseen)

    def passed(self) -> str:
        if not self._unseen:
            return ""
        points = sum(cell.metadata.nbgrader.points for cell in self._unseen)
        return (
            f"Your notebook passes its {self._seen} visible checks. "
            f"{len(self._unseen)} hidden checks, worth {points:g} points, run when it is graded.\n"
        )


def has_code(cell: NotebookNode) -> bool:
    """Whether anything but comments stands in a cell."""
    lines = (line.strip() for line in cell.source.splitlines())
    return any(line and not line.startswith("#") for line in lines)
