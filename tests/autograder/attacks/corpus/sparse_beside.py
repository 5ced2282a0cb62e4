"""Lay a file of 300 MB beside the notebook that takes no room on the disk."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    with (folder / "data.bin").open("wb") as file:
        file.truncate(300 << 20)


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
