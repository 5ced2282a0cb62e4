"""A student opens the first lecture, runs it, and moves the explorer's window by the keyboard."""

import numpy as np
import pytest
from scipy.signal import correlate2d

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

IMAGE = np.repeat([[8.0, 8, 8, 0, 0, 0]], 6, axis=0)
EDGE = np.array([[1.0, 0, -1]] * 3)


def test_the_explorer_follows_the_keyboard(open_notebook, tmp_path):
    expected = correlate2d(IMAGE, EDGE, mode="valid")
    with open_notebook("lectures/01_convolution.ipynb") as (page, errors):
        explorer = page.locator(".convolution-explorer").first
        explorer.wait_for()
        explorer.scroll_into_view_if_needed()

        def shown():
            """What the sentence says, and where the pictures' frames are."""
            said = explorer.locator(".sum").inner_text().replace("−", "-")
            frames = [
                explorer.locator(f"svg.{name} rect[fill=none]").evaluate(
                    "frame => [frame.getAttribute('y'), frame.getAttribute('x')].map(Number)"
                )
                for name in ("image", "output")
            ]
            return said, frames

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

        page.screenshot(path=tmp_path / "explorer.png")
        assert not errors
