"""Hand in a folder in place of the timestamp."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    (folder / "timestamp.txt").mkdir()


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
