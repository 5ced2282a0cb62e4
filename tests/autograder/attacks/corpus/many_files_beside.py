"""Lay 6,000 files beside the notebook."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    (folder / "many").mkdir()
    for number in range(6000):
        (folder / "many" / f"{number}.txt").touch()


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
