"""Hand in a timestamp in a time zone that does not exist."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9
FILES = {"timestamp.txt": b"2026-01-01 00:00:00 99999999999"}
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
