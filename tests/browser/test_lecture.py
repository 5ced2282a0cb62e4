"""A student opens each lecture, runs it, and uses its explorer by the keyboard."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate2d

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

IMAGE = np.repeat([[8.0, 8, 8, 0, 0, 0]], 6, axis=0)
EDGE = np.array([[1.0, 0, -1]] * 3)


def found(page, topic):
    """The lecture's explorer, in view."""
    explorer = page.locator(f".{topic}-explorer").first
    explorer.wait_for()
    explorer.scroll_into_view_if_needed()
    return explorer


def frame(explorer, picture):
    """Where a picture's frame is: [y, x]."""
    return explorer.locator(f"svg.{picture} rect[fill=none]").evaluate(
        "frame => [frame.getAttribute('y'), frame.getAttribute('x')].map(Number)"
    )


def press(explorer, slider, *keys):
    """Press keys on the slider with this label."""
    label = explorer.page.get_by_text(slider, exact=True)
    labelled = explorer.locator(".widget-slider").filter(has=label)
    labelled.locator("[role=slider]").focus()
    for key in keys:
        explorer.page.keyboard.press(key)


def test_convolution(open_notebook):
    expected = correlate2d(IMAGE, EDGE, mode="valid")
    with open_notebook("lectures/01_convolution.ipynb") as page:
        explorer = found(page, "convolution")

        def shown():
            """What the sentence says, and where the pictures' frames are."""
            said = explorer.locator(".sum").inner_text().replace("−", "-")
            return said, [frame(explorer, name) for name in ("image", "output")]

        said, (in_image, in_output) = shown()
        assert said.startswith("output[0, 0] =") and said.endswith(f"= {expected[0, 0]:g}")
        assert in_image == in_output == [0, 0]
        cell = float(explorer.locator("svg.image rect").first.get_attribute("width"))

        place = {"row": 0, "column": 0}
        for axis, presses in [("column", 2), ("row", 3), ("column", 1)]:
            explorer.locator(f".window-{axis} [role=slider]").focus()
            for _ in range(presses):
                page.keyboard.press("ArrowRight" if axis == "column" else "ArrowUp")
            place[axis] += presses
            row, column = place["row"], place["column"]
            page.wait_for_function(
                "start => document.querySelector('.convolution-explorer .sum')"
                ".innerText.startsWith(start)",
                arg=f"output[{row}, {column}] =",
            )
            said, (in_image, in_output) = shown()
            assert said.endswith(f"= {expected[row, column]:g}")
            assert in_image == in_output == [row * cell, column * cell]


def test_arithmetic(open_notebook):
    with open_notebook("lectures/02_arithmetic.ipynb") as page:
        explorer = found(page, "arithmetic")
        formula = explorer.locator(".formula")
        press(explorer, "size n", "Home", *["ArrowRight"] * 6)
        formula.filter(has_text="(7 + 2 · 0 − 3) / 2").wait_for()
        press(explorer, "window", *["ArrowRight"] * 5)  # of 3 x 3: row 1, column 2
        cell = float(explorer.locator("svg.small rect").first.get_attribute("width"))
        explorer.locator(f"svg.small rect[fill=none][x='{2 * cell:g}']").wait_for()
        assert frame(explorer, "small") == [cell, 2 * cell]
        assert frame(explorer, "large") == [2 * cell, 4 * cell]
        press(explorer, "stride s", "Home")
        formula.filter(has_text="= 5").wait_for()

        explorer.get_by_label("transposed").press("Space")
        press(explorer, "stride s", *["ArrowRight"] * 3)
        formula.filter(has_text="27").wait_for()  # (7 - 1) * 4 + 3


def test_pooling(open_notebook):
    with open_notebook("lectures/03_pooling.ipynb") as page:
        explorer = found(page, "pooling")
        picture = [[0, 1, 2, 3], [7, 6, 5, 4], [8, 9, 10, 11], [15, 14, 13, 12]]
        typed = "\n".join(" ".join(map(str, row)) for row in picture)
        explorer.get_by_role("textbox", name="picture").fill(typed)
        said = explorer.locator(".said")
        said.filter(has_text="output[0, 0] = 7; of a gradient of 1 go 1 to (1, 0).").wait_for()
        press(explorer, "row", "End")
        press(explorer, "column", "ArrowRight")
        said.filter(has_text="output[2, 1] = 14; of a gradient of 1 go 1 to (3, 1).").wait_for()
        cell = float(explorer.locator("svg.input rect").first.get_attribute("width"))
        assert frame(explorer, "input") == [2 * cell, cell]
        assert frame(explorer, "output") == [2 * cell, cell]

        explorer.get_by_label("pooling").select_option("average")
        said.filter(has_text="= 11.50; of a gradient of 1 go 0.25 to (2, 1)").wait_for()


def test_counting(open_notebook):
    with open_notebook("lectures/04_counting.ipynb") as page:
        explorer = found(page, "counting")
        explorer.get_by_label("start from").select_option("a small net")
        explorer.get_by_label("layer", exact=True).select_option("fully connected")
        explorer.get_by_label("channels").fill("20")
        explorer.get_by_label("channels").press("Enter")
        before = explorer.locator("table tr").count()
        explorer.get_by_role("button", name="add the layer").press("Enter")
        row = explorer.locator("table tr").nth(before - 1)
        row.filter(has_text="8 Linear").wait_for()
        assert "220" in row.inner_text()  # 10 x 20 weights and 20 biases

        memory = explorer.locator(".memory")
        old = memory.inner_text()
        press(explorer, "batch size", "ArrowRight")
        page.wait_for_function(
            "old => document.querySelector('.counting-explorer .memory').innerText != old", arg=old
        )
        sizes = [re.search(r"batch ([\d.]+) MB", text)[1] for text in (old, memory.inner_text())]
        assert float(sizes[1]) == pytest.approx(2 * float(sizes[0]), rel=0.01)

        explorer.get_by_label("layer", exact=True).select_option("convolution 3 × 3")
        explorer.get_by_role("button", name="add the layer").press("Enter")
        explorer.get_by_role("alert").wait_for()


def test_residual(open_notebook):
    with open_notebook("lectures/05_residual.ipynb") as page:
        explorer = found(page, "residual")
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


# Each topic whose explorer says nothing above: it opens, runs, and its sliders can be moved.
LECTURES = sorted(Path(__file__).resolve().parents[2].glob("lectures/*.ipynb"))
OTHERS = [path.stem for path in LECTURES if f"test_{path.stem.split('_', 1)[1]}" not in globals()]


@pytest.mark.parametrize("lecture", OTHERS)
def test_any_other_lecture(open_notebook, lecture):
    with open_notebook(f"lectures/{lecture}.ipynb") as page:
        assert not page.locator(".jp-RenderedText[data-mime-type*=error]").count()
        for slider in page.locator("[class*=-explorer] [role=slider]").all():
            for key in ["End", "Home"]:
                slider.focus()
                page.keyboard.press(key)
        page.get_by_text("| Idle").wait_for()
