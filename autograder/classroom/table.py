"""The table of a class, the rows to look at first on top."""

from __future__ import annotations

from autograder.gradebook.writer import NOT_GRADED, Row
from autograder.submission.job import Status


def table(rows: list[Row]) -> str:
    """The rows as text."""
    order = {NOT_GRADED: -1, **{str(s): -1 - n for n, s in enumerate(Status) if n}}
    rows = sorted(rows, key=lambda row: (order.get(row.status, 0), row.student))
    lines = [("student", "status", "points", "by hand", "seconds", "detail")]
    for row in rows:
        points = "" if row.score is None else f"{row.score:g} of {row.maximum:g}"
        points += " (old)" if row.old and points else ""
        by_hand = "open" if row.by_hand else ""
        lines.append((row.student, row.status, points, by_hand, f"{row.seconds:.1f}", row.detail))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(
            [*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[5]]
        ).rstrip()
        for line in lines
    )
