"""The table of a class, the rows to look at first on top."""

from __future__ import annotations

from autograder.gradebook.writer import NOT_GRADED, Row
from autograder.submission.intake import printable
from autograder.submission.job import Status


def table(rows: list[Row]) -> str:
    """The rows as text."""
    order = {NOT_GRADED: -1, **{str(s): -1 - n for n, s in enumerate(Status) if n}}
    rows = sorted(rows, key=lambda row: (order.get(row.status, 0), row.student))
    lines = [("student", "status", "points", "late", "by hand", "seconds", "detail")]
    for row in rows:
        points = "" if row.score is None else f"{row.score:g} of {row.maximum:g}"
        points += " (old)" if row.old and points else ""
        late = f"-{row.penalty:g}" if row.penalty else "late" if row.late else ""
        by_hand = "open" if row.unmarked else "look again" if row.look_again else ""
        name, detail = printable(row.student), printable(row.detail, 2000)
        lines.append((name, row.status, points, late, by_hand, f"{row.seconds:.1f}", detail))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(
            [*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[6]]
        ).rstrip()
        for line in lines
    )
