"""The README's table of lectures, made of the lectures' own first cells.

python -m authoring.readme
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
TABLE = re.compile(r"(?<=\| lecture \| the question it answers \|\n\|---\|---\|\n)(\|.*\n)*")


def rows(root: Path = ROOT) -> str:
    """A line for each lecture: its number, title and link, and its question.

    Raises:
        ValueError: a lecture does not begin with "# 7. Title" and a question in bold.
    """
    lines = []
    for path in sorted(root.glob("lectures/*.ipynb")):
        first = nbformat.read(path, as_version=4).cells[0].source
        about = re.match(r"# (\d+)\. (.+)\n\n\*\*(.+)\*\*\n", first)
        if about is None:
            raise ValueError(f'{path.name} begins with "# 7. Title", then **its question?**')
        number, title, question = about.groups()
        lines.append(f"| [{number} {title}](lectures/{path.name}) | {question} |\n")
    return "".join(lines)


def write(root: Path = ROOT) -> None:
    path = root / "README.md"
    text = path.read_text()
    path.write_text(TABLE.sub(lambda _: rows(root), text, count=1))


if __name__ == "__main__":
    write()
