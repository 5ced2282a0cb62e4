"""Hand in a timestamp that is no text."""

ANSWER = "def add(a, b):\n    return a + b"
DESERVES = 9
FILES = {"timestamp.txt": b"\xff\xfe\x00 2026"}
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
