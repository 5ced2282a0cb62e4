"""Lay a pipe beside the notebook: who copies it waits for ever."""

import os

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    os.mkfifo(folder / "data.txt")


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
