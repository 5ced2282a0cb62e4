"""The two pages that show a submission, as exporters of nbconvert."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, PrefixLoader, pass_context
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.server_extensions import formgrader
from nbgrader.utils import is_grade, is_task
from traitlets import List

from autograder.pages import clean
from autograder.pages.hidden import KINDS, has_code
from autograder.pages.limited import renderer

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from nbgrader.api import Grade
    from traitlets.config import Config

# The second wall, should anything get through the first: the page runs and loads nothing.
FEEDBACK_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
TEMPLATES = Path(__file__).parent / "templates"
NBGRADER = Path(formgrader.__file__).parent / "templates"


class PageExporter(HTMLExporter):
    """nbconvert's HTML, with all that comes from a submission cleaned where it enters the page."""

    @property
    def default_config(self) -> Config:
        c = super().default_config
        c.NbConvertBase.display_data_priority = KINDS
        c.HTMLExporter.exclude_anchor_links = True
        # Not among the default filters: over these nbconvert puts its own, which has no limit.
        c.PageExporter.filters = {"highlight_code": _highlighted}
        return c

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **keywords: Any
    ) -> tuple[str, dict]:
        renderer.begin_page()
        return super().from_notebook_node(nb, resources, **keywords)

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        yield "markdown2html", _markdown
        yield "clean_html", clean.clean_html
        yield "submitted_html", _html
        yield "submitted_latex", _latex
        yield "submitted_svg", _svg
        yield "picture", _picture


class FormgraderExporter(PageExporter):
    """The page on which an instructor reads and marks a submission.

    Attributes:
        nonce: of the scripts that the page may run; its policy names it, and nobody can guess it.
    """

    nonce = ""

    def __init__(self, **keywords):
        super().__init__(**{**keywords, **_templates("formgrade", "formgrader")})

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        yield "with_nonce", self._with_nonce

    def _with_nonce(self, text):
        return text.replace("<script", f'<script nonce="{self.nonce}"')

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **keywords: Any
    ) -> tuple[str, dict]:
        # nbgrader's page writes them as they are, and a student's name comes from a folder.
        safe = {
            key: html.escape(value) if isinstance(value, str) else value
            for key, value in (resources or {}).items()
        }
        safe["below"] = "nbgrader/index.html.j2"
        return super().from_notebook_node(nb, safe, **keywords)


class FeedbackExporter(PageExporter):
    """The page that a student gets back: one file without scripts, which needs no network."""

    def __init__(self, **keywords):
        super().__init__(**{**keywords, **_templates("feedback", "feedback")})

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        yield "points", lambda number: f"{float(number or 0):.4g}"

    def _init_resources(self, resources):
        resources = super()._init_resources(resources)
        resources["below"] = "nbconvert/templates/classic/index.html.j2"
        resources["policy"] = FEEDBACK_POLICY
        return resources


class Tasks(NbGraderPreprocessor):
    """Put each graded cell under the name of its task, for the feedback; runs after GetGrades.

    A task's name is the heading above it. The resources get `tasks` (name, anchor, score, points,
    points still open, whether there are comments) and the points open in all; a cell's metadata get
    `part` (what its heading says) and `open`.
    """

    # Else nbgrader warns at each run that it is not recognised.
    display_data_priority = List(KINDS).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        waiting = self._waiting(resources["nbgrader"])
        tasks, name = [], resources["nbgrader"]["notebook"]
        for cell in nb.cells:
            about = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "markdown" and not about.get("solution"):
                name = _heading(cell.source) or name
            if not (is_grade(cell) or is_task(cell) or about.get("solution")):
                continue
            if not tasks or tasks[-1]["name"] != name:
                tasks.append(dict.fromkeys(("score", "points", "open", "comments"), 0))
                tasks[-1].update(name=name, anchor=about["grade_id"])
            about["part"] = _part(cell, about, name)
            tasks[-1]["comments"] += bool(about.get("comment"))
            if is_grade(cell) or is_task(cell):
                about["open"] = about["grade_id"] in waiting
                tasks[-1]["score"] += about["score"] or 0
                tasks[-1]["points"] += about["points"]
                tasks[-1]["open"] += about["points"] * about["open"]
        resources["tasks"] = [task for task in tasks if task["points"] or task["comments"]]
        resources["open"] = sum(task["open"] for task in tasks)
        return nb, resources

    @staticmethod
    def _waiting(names):
        """The cells that nobody has marked yet."""
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            return {grade.name for grade in notebook.grades if is_open(grade)}


def is_open(grade: Grade) -> bool:
    """Whether a grade of the gradebook still waits for somebody to give it."""
    return grade.needs_manual_grade and grade.manual_score is None and grade.auto_score is None


def _heading(source):
    """The first heading in a text; its formulas and marks are left as they are."""
    for line in source.splitlines():
        if opening := re.match(r"#{1,6}[ \t]+", line):
            text = line[opening.end() :].strip().rstrip("#").rstrip()
            if text:
                return text[:100]
    return ""


def _part(cell, about, name):
    if about.get("task"):
        return name
    if about.get("solution"):
        return f"{name}: your answer"
    return f"{name}: check" if has_code(cell) else f"{name}: hidden check"


def _templates(name, folder):
    """Options of an exporter: our templates, and nbgrader's below them."""
    loaders = [
        FileSystemLoader([TEMPLATES / folder, TEMPLATES]),
        PrefixLoader({"nbgrader": FileSystemLoader(NBGRADER / name)}),
    ]
    return {
        "template_name": name,
        "extra_template_basedirs": [str(NBGRADER)],
        "extra_loaders": loaders,
    }


@pass_context
def _markdown(context, source):
    attachments = context.get("cell", {}).get("attachments")
    return _boxed(renderer.written(source, attachments, _folder(context)))


@pass_context
def _html(context, source):
    return _boxed(renderer.shown(source, _folder(context)))


def _latex(source):
    return _boxed(renderer.shown(html.escape("".join(source))))


@pass_context
def _highlighted(context, source, metadata=None):
    about = context["nb"].metadata.get("language_info", {})
    return renderer.coloured(source, about.get("pygments_lexer") or about.get("name") or "ipython3")


def _folder(context):
    return context.get("resources", {}).get("metadata", {}).get("path") or None


def _boxed(cleaned):
    """In a box that nothing drawn in it leaves (its style is in box.css)."""
    return f'<div class="submitted">{cleaned}</div>'


def _svg(source):
    data = base64.b64encode("".join(source).encode("utf-8", "replace")).decode()
    return _picture(data, "image/svg+xml")


def _picture(data, kind):
    """A picture of an output, or an empty text where the data are none."""
    address = f"data:{kind};base64,{''.join(''.join(data).split())}"
    return f'<img src="{address}" alt="">' if clean.DATA.fullmatch(address) else ""
