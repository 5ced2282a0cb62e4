"""Whether JSON from outside nests so deeply that parsing it would harm the parser."""

from __future__ import annotations

import re

BRACKET_OR_STRING = re.compile(rb'[][{}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def too_deep(content: bytes, most: int = 100) -> bool:
    """Whether brackets nest deeper than in any notebook.

    Python 3.11 raises RecursionError on depths like 100,000, and miscounts its stack from then on.
    """
    if content.count(b"[") + content.count(b"{") <= most:
        return False
    depth = 0
    for bracket in BRACKET_OR_STRING.finditer(content):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(bracket[0], 0)
        if depth > most:
            return True
    return False
