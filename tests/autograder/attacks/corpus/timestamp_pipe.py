"""Hand in a pipe in place of the timestamp: who opens it waits for ever."""

import os

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    os.mkfifo(folder / "timestamp.txt")


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
