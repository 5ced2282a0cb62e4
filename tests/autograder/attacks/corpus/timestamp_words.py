"""Hand in a timestamp that is no time."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9
FILES = {"timestamp.txt": b"the day before yesterday"}
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
