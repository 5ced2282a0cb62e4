"""What an explorer shows, read from the state that its page gets."""

import re


def parts(box):
    """The grids of a layout, in order."""
    if box["type"] == "grid":
        return [box]
    return [grid for part in box.get("parts", []) for grid in parts(part)]


def grid(explorer, name):
    """The grid of this CSS class, as a dict."""
    return next(
        part for part in parts(explorer.grids.state["layout"]) if name in part["name"].split()
    )


def numbers(cells):
    """Cells as numbers; an empty one is None."""
    return [
        [float(text.replace("−", "-")) if text else None for _, text, _ in line] for line in cells
    ]


def said(explorer):
    """The sentence on the window, without its tags."""
    i, j = explorer.grids.place
    return re.sub("<.*?>", "", explorer.grids.state["sentences"][i][j]).replace("−", "-")


def note(explorer):
    """What is said of the whole, without its tags."""
    return re.sub("<.*?>", " ", explorer.grids.state["note"])
