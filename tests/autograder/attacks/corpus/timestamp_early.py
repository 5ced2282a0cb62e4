"""Hand in a timestamp before the year 1, in its own time zone."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9
FILES = {"timestamp.txt": b"0001-01-01 00:00:00 +2300"}
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
