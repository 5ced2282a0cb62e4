"""Write half an emoji: a character to JSON and to nothing else."""

import json

DESERVES = 9


def submission(tiny):
    nb = tiny.notebook(tiny.RIGHT, text="half of it: \ud83d")
    return json.dumps(nb).encode()


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
