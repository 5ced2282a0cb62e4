"""Lay files with names beside the notebook that are no names."""

import os

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    names = [b"two\nlines.csv", b"*.csv", b"[a-", b"caf\xe9.csv", b"\x1b[2Jscreen", b"-rf", b"a\\b"]
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"1")


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
