"""A question says right, or what was misunderstood, in a page without a kernel."""

import json
import re

import nbformat
import pytest
from nbconvert import HTMLExporter

from course import questions

ASKED = {
    "number": lambda: questions.number(
        "What is `y[5]`?",
        2.6,
        wrong={4.1: "The weights lie backwards: <first> with newest.", -2.6: "The sign."},
        why="0.6 + 1.5 + 0.5",
    ),
    "choice": lambda: questions.choice(
        "Who gets the gradient?",
        {"all": "That is an average.", "the winner": None, "the first": "Only at a tie."},
        why="Only it moves the maximum.",
    ),
    "order": lambda: questions.order(
        "Least first?",
        ["conv", "pool", "dense"],
        wrong={("dense", "pool", "conv"): "The other way round."},
        why="Count them.",
    ),
    "shape": lambda: questions.shape(
        "Which shape?", (4, 3), wrong={(3, 4): "Rows come first."}, why="Four rows."
    ),
}


@pytest.mark.parametrize("kind", ASKED)
def test_without_scripts_it_is_the_question_and_a_fold(kind):
    question = ASKED[kind]()
    page = re.sub(r"<script.*?</script>", "", question._repr_html_(), flags=re.DOTALL)
    assert question.prompt.replace("`", "") in re.sub("<.*?>", "", page)
    fold = re.search(r"<details>.*</details>", page, re.DOTALL)[0]
    assert question.why in fold and question.prompt in repr(question)
    right = {"number": "2.6", "choice": "the winner", "order": "conv, then pool", "shape": "(4, 3)"}
    assert right[kind] in fold and right[kind] not in page.replace(fold, "")


def test_texts_are_escaped_and_code_is_code():
    page = ASKED["number"]()._repr_html_()
    assert "<code>y[5]</code>" in page
    assert "<first>" not in page
    data = json.loads(re.search(r'"application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert "&lt;first&gt;" in data["wrong"][0]["said"]


@pytest.mark.parametrize(
    "wrong_call",
    [
        lambda: questions.number("?", 10, wrong={10.05: "no"}, why=""),
        lambda: questions.number("?", float("nan"), why=""),
        lambda: questions.choice("?", {"a": None, "b": None}, why=""),
        lambda: questions.choice("?", {"a": "no"}, why=""),
        lambda: questions.order("?", ["a", "a"], why=""),
        lambda: questions.order("?", ["a", "b"], wrong={("a", "c"): "no"}, why=""),
        lambda: questions.order("?", ["b", "a"], wrong={("b", "a"): "no"}, why=""),
        lambda: questions.shape("?", (1, 2), wrong={(1, 2): "no"}, why=""),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(wrong_call):
    with pytest.raises(ValueError):
        wrong_call()


@pytest.fixture
def page(chromium, tmp_path):
    path = tmp_path / "questions.html"
    body = "".join(f'<div id="{kind}">{make()._repr_html_()}</div>' for kind, make in ASKED.items())
    path.write_text(f"<!doctype html><meta charset=utf-8>{body}", encoding="utf-8")
    opened = chromium.new_page()
    errors = []
    opened.on("pageerror", lambda error: errors.append(error))
    opened.goto(path.as_uri())
    yield opened
    assert not errors
    opened.close()


def verdict(page, kind):
    return page.locator(f"#{kind} .said")


def fill(page, kind, text):
    page.locator(f"#{kind} input").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.parametrize("text", ["2.6", "2,6", " 2.60 ", "13/5", "2.61"])
def test_a_right_number_opens_the_reason(page, text):
    fill(page, "number", text)
    assert verdict(page, "number").inner_text() == "Right."
    assert page.locator("#number details").get_attribute("open") is not None


@pytest.mark.browser
def test_a_wrong_number_is_told_what_was_misunderstood(page):
    fill(page, "number", "4.1")
    assert "The weights lie backwards: <first> with newest." in verdict(page, "number").inner_text()
    assert page.locator("#number details").get_attribute("open") is None
    fill(page, "number", "−2.6")
    assert "The sign." in verdict(page, "number").inner_text()
    fill(page, "number", "77")
    assert verdict(page, "number").get_attribute("data-verdict") == "wrong"
    fill(page, "number", "about two")
    assert "Write a number" in verdict(page, "number").inner_text()


@pytest.mark.browser
def test_a_choice_by_the_keyboard(page):
    page.locator("#choice input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert "That is an average." in verdict(page, "choice").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert verdict(page, "choice").inner_text() == "Right."


@pytest.mark.browser
def test_an_order_by_the_keyboard(page):
    # Shown as conv, dense, pool: the last but one goes down.
    page.get_by_role("button", name="dense, down").focus()
    page.keyboard.press("Enter")
    page.locator("#order button[type=submit]").press("Enter")
    assert verdict(page, "order").inner_text() == "Right."
    page.get_by_role("button", name="conv, down").press("Enter")
    page.keyboard.press("Enter")  # the focus went along
    page.get_by_role("button", name="dense, up").press("Enter")
    page.locator("#order button[type=submit]").press("Enter")
    assert "The other way round." in verdict(page, "order").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("text", ["4, 3", "(4, 3)", "4 x 3", "4×3", "[4 3]"])
def test_a_shape_in_any_writing(page, text):
    fill(page, "shape", "3, 4")
    assert "Rows come first." in verdict(page, "shape").inner_text()
    fill(page, "shape", text)
    assert verdict(page, "shape").inner_text() == "Right."


@pytest.mark.browser
def test_answers_are_kept(page):
    fill(page, "number", "4.1")
    page.locator("#choice input").nth(1).check()
    page.locator("#choice button").press("Enter")
    page.reload()
    assert page.locator("#number input").input_value() == "4.1"
    assert "The weights lie backwards" in verdict(page, "number").inner_text()
    assert verdict(page, "choice").inner_text() == "Right."
    assert verdict(page, "shape").inner_text() == ""


@pytest.mark.browser
def test_in_a_page_saved_as_html_the_cell_that_tells_the_answer_is_folded(chromium, tmp_path):
    shown = {"text/html": ASKED["number"]()._repr_html_()}
    cells = [
        nbformat.v4.new_code_cell(
            source, outputs=[nbformat.v4.new_output("display_data", data=data)]
        )
        for source, data in [("questions.number(2.6)", shown), ("1 + 1", {"text/html": "two"})]
    ]
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    (tmp_path / "saved.html").write_text(page, encoding="utf-8")
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.goto((tmp_path / "saved.html").as_uri(), wait_until="domcontentloaded")
    asking = opened.get_by_text("questions.number")
    assert not asking.is_visible()
    opened.get_by_text("The cell that asks").click()
    assert asking.is_visible()
    assert opened.get_by_text("1 + 1").is_visible()
    context.close()
