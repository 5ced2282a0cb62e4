"""A student uses each lecture's explorer by the keyboard, and answers a question wrong and right.

That each lecture runs from top to bottom is tested without a browser. Here all share a page, of
those cells alone that the explorers and one question need: one kernel, one JupyterLab.
"""

import itertools
import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from scipy.signal import correlate2d

from .hand import CHANGE, NUMBERS, assert_in_time, touch
from .slices import short

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LECTURE_FOLDER = Path(__file__).resolve().parents[2] / "lectures"
IMAGE = np.repeat([[8.0, 8, 8, 0, 0, 0]], 6, axis=0)
EDGE = np.array([[1.0, 0, -1]] * 3)


def frame(explorer, picture):
    """Where a grid's window is, in cells: [row, column, rows, columns]."""
    return explorer.locator(f"svg.{picture}").evaluate(
        """svg => {
            const [x, y, width, height] =
                svg.querySelector('path.window').getAttribute('d').match(/-?[\\d.]+/g).map(Number);
            const cell = svg.querySelector('rect.cell');
            const [tall, wide] = ['height', 'width'].map(name => +cell.getAttribute(name));
            return [y / tall, x / wide, height / tall, width / wide];
        }"""
    )


def move(explorer, *keys):
    """Press keys on the grids."""
    explorer.locator(".grids").focus()
    for key in keys:
        explorer.page.keyboard.press(key)


def press(explorer, slider, *keys):
    """Press keys on the slider with this label."""
    label = explorer.page.get_by_text(slider, exact=True)
    labelled = explorer.locator(".widget-slider").filter(has=label)
    labelled.locator("[role=slider]").focus()
    for key in keys:
        explorer.page.keyboard.press(key)


# A slider or a list of each explorer, on which its numbers depend.
DEPENDS_ON = {
    "convolution": "stride",
    "arithmetic": "stride s",
    "pooling": "stride",
    "counting": "batch size",
    "residual": "show",
    "classification": "digit",
    "normalisation": "gamma",
    "architectures": "picture size",
    "insides": "unit",
    "kernels": "height",
    "transfer": "frozen stages",
    "dense": "sure",
    "devices": "devices",
}


def assert_quick(explorer, name):
    """Numbers follow a slider or a list in time."""
    label = explorer.page.get_by_text(name, exact=True)
    labelled = explorer.locator(".widget-slider, .widget-dropdown").filter(has=label)
    control = labelled.locator("[role=slider], select")
    keys = itertools.cycle(["ArrowRight", "ArrowLeft"])
    assert_in_time(
        explorer.page,
        NUMBERS,
        lambda: control.evaluate(CHANGE, next(keys)),
        f"for numbers to follow {name!r}",
    )
    if next(keys) == "ArrowLeft":
        control.evaluate(CHANGE, "ArrowLeft")  # back to the start


def use_convolution(explorer):
    expected = correlate2d(IMAGE, EDGE, mode="valid")
    said = explorer.locator(".said")
    place = [0, 0]
    move(explorer, "Home", *["ArrowUp"] * 9)
    for keys in ["", ["ArrowRight"] * 2, ["ArrowDown"] * 3, ["ArrowRight"], ["Home", "ArrowUp"]]:
        move(explorer, *keys)
        for key in keys:
            axis = key in ("ArrowRight", "Home")
            place[axis] = 0 if key == "Home" else place[axis] + (-1 if key == "ArrowUp" else 1)
        text = said.inner_text().replace("−", "-")
        assert text.startswith(f"output[{place[0]}, {place[1]}] =")
        assert text.endswith(f"= {expected[tuple(place)]:g}")
        assert frame(explorer, "image") == [*place, 3, 3]
        assert frame(explorer, "output") == [*place, 1, 1]
    explorer.get_by_role("combobox", name="picture").select_option(
        "three channels: a red, a green, a blue stripe"
    )
    explorer.locator("svg.image-2").wait_for()
    press(explorer, "stride", "End")
    press(explorer, "padding", "End")
    press(explorer, "dilation", "End")
    explorer.get_by_text("a sum for each channel").wait_for()
    explorer.page.wait_for_function(  # 6 + 4 pixels a side; (6 + 4 - 5) // 3 + 1 = 2 windows
        """() => ['image-1', 'output'].map(name => document.querySelectorAll(
            `.convolution-explorer svg.${name} rect.cell`).length).join() == '100,4'"""
    )
    assert frame(explorer, "image-1") == [3, 0, 5, 5]


def use_arithmetic(explorer):
    formula = explorer.locator(".formula")
    press(explorer, "size n", "Home", *["ArrowRight"] * 6)
    formula.filter(has_text="(7 + 2 · 0 − 3) / 2").wait_for()
    move(explorer, "Home", *["ArrowUp"] * 9, "ArrowDown", "ArrowRight", "ArrowRight")
    assert frame(explorer, "small") == [1, 2, 1, 1]
    assert frame(explorer, "large") == [2, 4, 3, 3]
    press(explorer, "stride s", "Home")
    formula.filter(has_text="= 5").wait_for()
    explorer.get_by_label("transposed").press("Space")
    press(explorer, "stride s", *["ArrowRight"] * 3)
    formula.filter(has_text="27").wait_for()  # (7 - 1) * 4 + 3


def use_pooling(explorer):
    picture = [[0, 1, 2, 3], [7, 6, 5, 4], [8, 9, 10, 11], [15, 14, 13, 12]]
    typed = "\n".join(" ".join(map(str, row)) for row in picture)
    explorer.get_by_role("textbox", name="picture").fill(typed)
    said = explorer.locator(".said")
    move(explorer, *["ArrowUp"] * 4, "Home")
    said.filter(has_text="output[0, 0] = 7; of a gradient of 1 go 1 to (1, 0).").wait_for()
    move(explorer, *["ArrowDown"] * 2, "ArrowRight")
    said.filter(has_text="output[2, 1] = 14; of a gradient of 1 go 1 to (3, 1).").wait_for()
    assert frame(explorer, "input") == frame(explorer, "share") == [2, 1, 2, 2]
    explorer.get_by_label("pooling", exact=True).select_option("average")
    said.filter(has_text="= 11.50; of a gradient of 1 go 0.25 to (2, 1)").wait_for()


def use_counting(explorer):
    explorer.get_by_label("start from").select_option("a small net")
    explorer.get_by_label("layer", exact=True).select_option("fully connected")
    explorer.get_by_label("channels").fill("20")
    explorer.get_by_label("channels").press("Enter")
    explorer.get_by_role("button", name="add the layer").press("Enter")
    explorer.locator("svg.net text.row-label").filter(has_text="8 Linear").wait_for()
    # 10 x 20 weights and 20 biases
    assert explorer.locator("svg.net text[data-cell='8,1']").text_content() == "220"

    memory = explorer.locator(".memory")
    old = memory.inner_text()
    press(explorer, "batch size", "ArrowRight")
    explorer.page.wait_for_function(
        "old => document.querySelector('.counting-explorer .memory').innerText != old", arg=old
    )
    sizes = [re.search(r"batch ([\d.]+) MB", text)[1] for text in (old, memory.inner_text())]
    assert float(sizes[1]) == pytest.approx(2 * float(sizes[0]), rel=0.01)

    explorer.get_by_label("layer", exact=True).select_option("convolution 3 × 3")
    explorer.get_by_role("button", name="add the layer").press("Enter")
    explorer.get_by_role("alert").wait_for()


def use_residual(explorer):
    press(explorer, "depth", "End")
    explorer.get_by_text("residual-56, last training error").wait_for()
    explorer.get_by_role("button", name="train it").press("Enter")
    explorer.get_by_role("button", name="stop", disabled=False).press("Enter")
    explorer.get_by_role("status").filter(has_text="residual-56 was stopped").wait_for()

    press(explorer, "depth", "Home")
    explorer.get_by_text("residual-8, not trained yet").wait_for()
    explorer.get_by_role("button", name="train it").press("Enter")
    explorer.get_by_role("status").filter(has_text="residual-8 is trained").wait_for()
    explorer.get_by_text("residual-8, last training error").wait_for()
    explorer.get_by_label("show").select_option("gradients before training")


def use_kernels(explorer):
    said = explorer.locator(".said")
    move(explorer, "Home", *["ArrowUp"] * 9)
    said.filter(has_text="block (0, 1) computes output[0, 8]").wait_for()
    move(explorer, *["ArrowDown"] * 2, *["ArrowRight"] * 5)
    said.filter(has_text="output[2, 13]. By itself: 9 reads").wait_for()
    assert frame(explorer, "threads") == [2, 5, 1, 1]
    assert frame(explorer, "picture") == [2, 13, 3, 3]  # from the row and column of ghost cells on
    assert frame(explorer, "shared") == [2, 5, 3, 3]
    press(explorer, "block, right", "End")
    said.filter(has_text="is idle: [2, 21]").wait_for()
    marked = "svg => svg.querySelector('path.window').getAttribute('d')"
    assert not explorer.locator("svg.picture").evaluate(marked), "an idle thread reads nothing"
    assert explorer.locator("svg.shared path.dot").get_attribute("d"), "but it helps to fetch"


LECTURES = sorted(LECTURE_FOLDER.glob("*.ipynb"))


@pytest.fixture(scope="module")
def lectures(open_notebook, lab):
    """The page, and {lecture: (its question, its explorers)}."""
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    counts = []
    for path in LECTURES:
        cells, count = short(path)
        notebook.cells += cells
        counts.append(count)
    nbformat.write(notebook, lab.home / "lectures" / "explorers.ipynb")
    with open_notebook("lectures/explorers.ipynb") as page:
        assert not page.locator(".jp-RenderedText[data-mime-type*=error]").count()
        questions = page.locator(".course-question").all()
        explorers = iter(page.locator(".explorer").all())
        assert len(questions) == len(LECTURES)
        yield {
            path.stem: (question, [next(explorers) for _ in range(count)])
            for path, question, count in zip(LECTURES, questions, counts, strict=True)
        }


@pytest.mark.parametrize("lecture", [path.stem for path in LECTURES])
def test_a_question_says_what_was_misunderstood_and_then_right(lectures, lecture):
    question, _ = lectures[lecture]
    question.scroll_into_view_if_needed()
    about = json.loads(question.locator('script[type="application/json"]').text_content())
    assert about["wrong"], "no wrong answer is known"
    mistake = about["wrong"][0]
    answer(question, about, mistake["answer"])
    said = question.locator(".said[data-verdict=wrong]")
    assert said.evaluate("(said, text) => said.innerHTML.endsWith(text)", mistake["said"])
    answer(question, about, about["right"])
    question.locator(".said[data-verdict=right]").wait_for()
    assert question.locator("details[open]").count() == 1


def answer(question, about, value):
    """Give an answer by the keyboard."""
    if about["kind"] == "choice":
        question.get_by_role("radio").nth(value).check()
        question.get_by_role("button", name="check").press("Enter")
        return
    text = ", ".join(map(str, value)) if about["kind"] == "shape" else repr(value)
    question.get_by_role("textbox").fill(text)
    question.get_by_role("textbox").press("Enter")


@pytest.mark.parametrize("lecture", [path.stem for path in LECTURES])
def test_explorers_answer_the_hand(lectures, lecture):
    """Every explorer is pointed at, moved and measured; `use_TOPIC` says what it should show."""
    _, explorers = lectures[lecture]
    for explorer in explorers:
        explorer.locator(".grids").wait_for()
        explorer.scroll_into_view_if_needed()
        touch(explorer.locator(".grids"))
    topic = lecture.split("_", 1)[1]
    if explorers:
        assert_quick(explorers[0], DEPENDS_ON[topic])
    if use := globals().get(f"use_{topic}"):
        use(explorers[0])
        explorers[0].page.get_by_text("| Idle").wait_for()
