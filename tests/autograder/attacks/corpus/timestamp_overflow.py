"""Hand in a timestamp beyond all years."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9
FILES = {"timestamp.txt": b"99999999999999-01-01 00:00:00 UTC"}
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
