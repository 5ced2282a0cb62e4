"""What people see of a submission: formgrader's pages and the feedback.

clean.py       text and HTML of a student's, turned into HTML by allow-list
limited.py     both in a process that is ended when they take too long
formulas.py    TeX as MathML, which a browser shows by itself
exporters.py   the two pages, as exporters of nbconvert
formgrader.py  formgrader's page with a Content-Security-Policy
hidden.py      feedback without the hidden checks
templates/     the two pages' HTML
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["configure"]


def configure(c: Config) -> None:
    """Have formgrader and feedback show these pages; `c` is the object of nbgrader_config.py."""
    c.GenerateFeedback.exporter_class = "autograder.pages.exporters.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "autograder.pages.hidden.HideHiddenChecks",
        "autograder.pages.exporters.Tasks",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    # Else formgrader's first page begins with all settings of the server.
    c.FormgradeExtension.debug = False
    # In a Jupyter server, which has loaded formgrader by the time that it reads the configuration.
    if "nbgrader.server_extensions.formgrader.handlers" in sys.modules:
        from autograder.pages import formgrader

        formgrader.install()
