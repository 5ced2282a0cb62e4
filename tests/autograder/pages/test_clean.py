"""What is left of a student's Markdown and HTML: read as text, without a browser."""

import html
import re
import time
from html.parser import HTMLParser

import pytest

from autograder.pages import clean, formulas, markdown
from tests.autograder.pages import corpus


class Reader(HTMLParser):
    """What stands in some HTML: tags, attributes, and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.tags.append(f"<!--{data}")


@pytest.mark.parametrize("name", corpus.MARKDOWN)
def test_only_what_is_listed_is_left(name):
    read = Reader(markdown.written(corpus.filled(corpus.MARKDOWN[name])))
    assert set(read.tags) <= clean.TAGS | formulas.TAGS
    known = set().union(*clean.ATTRIBUTES.values()) | set(formulas.ATTRIBUTES) | {"rel", "class"}
    for tag, attribute, value in read.attributes:
        assert attribute in known, (tag, attribute)
        if attribute == "href":
            assert re.match(r"https?://|#answer--", value)
        if attribute == "src":
            assert clean.DATA.fullmatch(value)
        if attribute == "id":
            assert value.startswith("answer--")
        if attribute == "style":
            assert not re.search(r"position|margin|transform|height|z-index|image|content", value)
        if attribute == "class":
            assert set(value.split()) <= set().union(*clean.CLASSES.values())


@pytest.mark.parametrize(
    "text, shown",
    [
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("a &mdash; b<br>c", "<p>a — b<br>c</p>"),
        ("**a** `<b>`", "<p><strong>a</strong> <code>&lt;b&gt;</code></p>"),
        (r"5 \$ and 6 \$", "<p>5 $ and 6 $</p>"),
        ("<b>a</b><script>b</script>", "<p><b>a</b></p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("<details><summary>a</summary>b</details>", "<details><summary>a</summary>b</details>"),
    ],
)
def test_markdown_stays_markdown(text, shown):
    assert markdown.written(text).strip() == shown


@pytest.mark.parametrize(
    "text",
    ["$x$", "$$x$$", r"\\(x\\)", r"\\[x\\]", r"\begin{equation}x\end{equation}", "<b>$x$</b>"],
)
def test_a_formula_is_typeset_however_it_is_written(text):
    page = markdown.written(text)
    assert page.count("<math") == 1 and "<mi>x</mi>" in page and "$" not in page


def test_a_formula_that_is_none_is_shown_as_it_was_written():
    assert markdown.written(r"$x^$").strip() == "<p><code>x^</code></p>"
    assert markdown.written("$" + "{" * 3000 + "$").count("<code>") == 1


def test_every_formula_of_the_course_is_mathml(root):
    import nbformat

    found = 0
    for path in [*root.glob("lectures/*.ipynb"), *root.glob("solutions/*/*.ipynb")]:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                page = markdown.written(cell.source)
                found += page.count("<math")
                for formula in re.findall(r"<math.*?</math>", page, re.DOTALL):
                    assert "\\" not in html.unescape(formula), (path.name, formula)
    assert found > 500


def test_pictures_come_from_the_cell_or_from_beside_the_notebook(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "a b.png").write_bytes(corpus.DOT)
    (tmp_path / "secret.png").write_bytes(corpus.DOT)
    (tmp_path / "work" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "work" / "text.txt").write_text("x")
    attachments = {"p 1.png": {"image/png": "AAAA"}}

    def pictures(text):
        page = markdown.written(text, attachments, tmp_path / "work")
        return re.findall(r'src="data:image/png;base64,(\w+)', page)

    assert pictures("![x](attachment:p%201.png)") == ["AAAA"]
    assert pictures('<br><img src="attachment:p 1.png">') == ["AAAA"]
    assert len(pictures("![x](a%20b.png)")) == 1
    for other in (
        "attachment:q.png",
        "../secret.png",
        "link.png",
        "text.txt",
        "none.png",
        "/x.png",
    ):
        assert pictures(f"![x]({other})") == [], other
        assert 'alt="x"' in markdown.written(f"![x]({other})", attachments, tmp_path / "work")


LONG = {
    "brackets": r"\\(" * 60_000,
    "div": "<div>" * 40_000,
    "links": "[" * 200_000,
    "emphasis": "*a " * 60_000,
    "comments": "<!--" * 50_000,
    "dollars": "$a" * 90_000,
    "quotes": "> " * 90_000,
    "lists": "- " * 90_000,
    "backticks": "`a" * 90_000,
    "pictures": "![](x)" * 30_000,
    "environments": r"\begin{x}" * 20_000,
    "entities": "&#" * 90_000,
    "too long": "a\n" * 1_000_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_takes_seconds_at_most(name):
    start = time.process_time()
    markdown.written(LONG[name][: clean.LONGEST] if name != "too long" else LONG[name])
    assert time.process_time() - start < 30
