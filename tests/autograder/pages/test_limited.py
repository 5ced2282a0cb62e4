"""What takes too long to render is shown as it was written, and the page is made."""

import html
import os
import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.pages import clean, exporters, limited, markdown


@pytest.fixture
def renderer():
    made = limited.Renderer()
    yield made
    made.close()


def test_text_is_rendered_as_it_is_in_one_process(renderer):
    text = "# A *title*\n\n$x^2$ <script>1</script>"
    assert renderer.written(text) == markdown.written(text)
    assert renderer.shown("<b>1</b>") == markdown.shown("<b>1</b>")
    assert renderer.process.pid != os.getpid()


def test_a_process_that_ends_or_computes_too_long_costs_the_text_its_looks(renderer, monkeypatch):
    monkeypatch.setattr(limited, "SECONDS", 0.001)
    slow = "![" * 40_000
    assert renderer.written(slow).startswith("<pre>![![")
    assert renderer.process is None
    monkeypatch.setattr(limited, "SECONDS", 10)
    assert renderer.written("*a*") == markdown.written("*a*")
    renderer.process.kill()
    renderer.process.join()
    assert renderer.written("*b*") == markdown.written("*b*")


def test_a_page_of_slow_texts_has_a_limit_of_its_own(renderer):
    renderer.remaining_seconds = 0.0
    assert renderer.written("*a*") == "<pre>*a*</pre>" and renderer.process is None
    renderer.begin_page()
    assert renderer.written("*a*") == markdown.written("*a*")


@pytest.mark.parametrize("source", ["a." * 40_000, " \n" * 20_000 + "x"], ids=["dots", "lines"])
def test_code_that_takes_too_long_to_colour_is_shown_as_it_was_written(
    renderer, monkeypatch, source
):
    """By nbconvert's own filter these take a minute and more, in the server's own process."""
    monkeypatch.setattr(exporters, "renderer", renderer)
    renderer.coloured("x")  # what that imports takes time of its own
    monkeypatch.setattr(limited, "SECONDS", 0.3)
    began = time.process_time()
    cells = [new_code_cell("x = 1"), new_code_cell(source)]
    page, _ = exporters.FeedbackExporter().from_notebook_node(new_notebook(cells=cells), ABOUT)
    assert time.process_time() - began < 30
    assert '<span class="mi">1</span>' in page
    assert html.escape(source).strip() in page


ABOUT = {
    "nbgrader": {"notebook": "x", "score": 1, "max_score": 1, "late_penalty": 0},
    "tasks": [],
    "open": 0,
}


def test_code_is_coloured_as_what_it_is(renderer):
    assert '<span class="o">%%time</span>' in renderer.coloured("%%time\nx")
    plain = '<div class="highlight"><pre>a &lt; b</pre></div>'
    assert renderer.coloured("a < b", "no-language") == plain
    assert renderer.coloured("a<" * clean.LONGEST).count("&lt;") == clean.LONGEST


def test_a_heading_is_found_in_linear_time():
    began = time.process_time()
    assert exporters._heading("# a" + " " * 100_000 + "b") == "a" + " " * 99
    assert exporters._heading("# " * 50_000 + "\n") and time.process_time() - began < 1
    assert exporters._heading("text\n#\n#x\n## Task *1* ##\n# 2") == "Task *1*"
    assert exporters._heading("text") == ""


def test_pictures_of_a_page_have_a_limit_together(renderer, tmp_path):
    (tmp_path / "a.png").write_bytes(bytes(3000))  # 4,022 characters
    renderer.room = 10_000
    found = renderer.written("![a](a.png)\n" * 20, None, str(tmp_path))
    assert (found.count("src="), found.count("<img")) == (2, 20)
    attachments = {"b.png": {"image/png": "AAAA" * 1000}}
    assert "src=" not in renderer.written("![b](attachment:b.png)", attachments)
    renderer.begin_page()
    assert "src=" in renderer.written("![b](attachment:b.png)", attachments)
