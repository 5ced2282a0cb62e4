"""Lay a socket beside the notebook, which cannot be copied."""

import os
import socket

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9


def beside(folder):
    where = os.getcwd()
    os.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("s")
    os.chdir(where)


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
