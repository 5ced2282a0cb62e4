"""What may stay of the outputs of a graded notebook: marks that are marks, no flood, no scripts."""

import html
import math
import re

import nbformat
from bleach import clean
from bleach.css_sanitizer import ALLOWED_CSS_PROPERTIES, CSSSanitizer
from bleach.sanitizer import ALLOWED_ATTRIBUTES, ALLOWED_TAGS
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import markdown2html_mistune as markdown2html
from nbgrader import utils

# A picture, or text that nothing interprets.
SAFE = {"text/plain", "text/latex", "application/json", "image/png", "image/jpeg", "image/gif"}
TAGS = set(ALLOWED_TAGS) | set(
    """
    p div span pre br hr h1 h2 h3 h4 h5 h6 img details summary table thead tbody tfoot caption
    colgroup col tr th td dl dt dd sub sup small s del ins mark kbd samp var figure figcaption u
    section
    """.split()  # noqa: SIM905
)
ATTRIBUTES = {
    **ALLOWED_ATTRIBUTES,
    "*": ["class", "style", "title", "role", "aria-label", "lang", "dir"],
    "img": ["src", "alt", "width", "height"],
    "th": ["colspan", "rowspan", "scope"],
    "td": ["colspan", "rowspan"],
    "details": ["open"],
    "col": ["span"],
}
STYLES = set(ALLOWED_CSS_PROPERTIES) | set(
    """
    padding padding-left padding-right padding-top padding-bottom margin margin-left margin-right
    margin-top margin-bottom border border-left border-right border-top border-bottom border-radius
    max-width min-width opacity white-space list-style text-decoration line-height display gap flex
    overflow overflow-x
    """.split()  # noqa: SIM905
)
PERHAPS_MARKUP = re.compile(r"<[a-z/!?]|script\s*:|data\s*:|&#|&\w+;", re.IGNORECASE)
RUNS = re.compile(
    r"[\s\x00-\x20]*(javascript|vbscript|data:(?!image/(png|jpeg|gif)))", re.IGNORECASE
)
NUMPY_NUMBER = re.compile(r"np\.\w+\(([^()]*)\)")


def error(name, message):
    """An error output; a cell that has one earns no points."""
    return nbformat.v4.new_output(
        "error", ename=name, evalue=message, traceback=[f"{name}: {message}"]
    )


def has_error(cell):
    return any(output.output_type == "error" for output in cell.outputs)


def well_formed(kind, content):
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


def size(content):
    """About how many bytes a message's content takes, its fixed parts included."""
    if isinstance(content, dict):
        return 16 + sum(len(str(key)) + size(value) for key, value in content.items())
    if isinstance(content, (list, tuple)):
        return 16 + sum(size(value) for value in content)
    return len(content) if isinstance(content, (str, bytes)) else 8


def clean_html(text):
    """Markup without scripts, event handlers, frames, forms and foreign addresses."""
    return clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
        strip=True,
    )


def safe_markdown(text):
    """The text itself, or, where a browser would run something in it, the text as code."""
    if not PERHAPS_MARKUP.search(text):
        return text
    for tag in BeautifulSoup(markdown2html(text), "html.parser").find_all():
        values = (str(value).strip().lower() for value in tag.attrs.values())
        if (
            tag.name not in TAGS | {"input"}  # a task list's box
            or any(name.lower().startswith("on") for name in tag.attrs)
            or any(RUNS.match(value) for value in values)
        ):
            return f"<pre>{html.escape(text)}</pre>"
    return text


def remove_scripts(cell):
    """Leave in the outputs nothing that a browser would run."""
    for output in cell.outputs:
        data = output.get("data")
        if data is None:
            continue
        for kind in list(data):
            if kind == "text/html":
                data[kind] = clean_html("".join(data[kind]))
            elif kind == "text/markdown":
                data[kind] = safe_markdown("".join(data[kind]))
            elif kind not in SAFE:
                del data[kind]
        output.metadata = {}


def settle_marks(cell):
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


def settle(notebook):
    """Apply both to a whole notebook; returns what the instructor should look at."""
    problems = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = safe_markdown(cell.source)
        elif cell.cell_type == "raw":
            cell.source = html.escape(cell.source)
        if cell.cell_type != "code":
            continue
        if utils.is_grade(cell) and not utils.is_solution(cell):
            problems.append(settle_marks(cell))
        remove_scripts(cell)
    return [problem for problem in problems if problem]
