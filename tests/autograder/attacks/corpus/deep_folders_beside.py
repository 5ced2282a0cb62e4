"""Lay folders in folders beside the notebook, deeper than a path may be long."""

import os

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    where = os.getcwd()
    os.chdir(folder)
    for _ in range(300):
        os.mkdir("a" * 20)
        os.chdir("a" * 20)
    os.chdir(where)


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
