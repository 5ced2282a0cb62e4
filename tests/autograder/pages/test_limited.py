"""What takes too long to render is shown as it was written, and the page is made."""

import os
import time

import pytest

from autograder.pages import limited, markdown


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
    began = time.monotonic()
    assert renderer.written("*a*") == "<pre>*a*</pre>" and time.monotonic() - began < 1
    renderer.begin_page()
    assert renderer.written("*a*") == markdown.written("*a*")
