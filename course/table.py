"""Tables: rows of equal keys, as text in a console and as HTML in a notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of equal keys. A column with a number in it stands right, all others left.

    A tuple is shown as "3 x 4", None as "-", a large number with commas; anything that shows itself
    in a notebook (`_repr_html_`) does so in its cell.

    Attributes:
        rows: dicts with the columns' names as keys.
        total: one more such dict for the last line, or None.
        caption: over the table.
        folded: in a notebook only the caption is seen, until it is clicked.
    """

    rows: Sequence[dict]
    total: dict | None = None
    caption: str = ""
    folded: bool = False

    def __str__(self):
        lines = [list(self._columns), *map(self._texts, self._all)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        shown = [
            "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(line, widths, self._numbers, strict=True)
            ).rstrip()
            for line in lines
        ]
        rule = "-" * max(map(len, shown))
        shown.insert(1, rule)
        if self.total:
            shown.insert(-1, rule)
        return "\n".join([self.caption, *shown] if self.caption else shown)

    __repr__ = __str__

    def _repr_html_(self):
        def line(row, tag="td"):
            cells = (
                f'<{tag} style="text-align: {"right" if number else "left"}">'
                f"{_html(row.get(column, ''))}</{tag}>"
                for column, number in zip(self._columns, self._numbers, strict=True)
            )
            return f"<tr>{''.join(cells)}</tr>"

        title = html.escape(self.caption)
        caption = f"<caption>{title}</caption>" if title and not self.folded else ""
        head = line({column: column for column in self._columns}, "th")
        body = "".join(map(line, self.rows))
        foot = f"<tfoot>{line(self.total, 'th')}</tfoot>" if self.total else ""
        small = ' style="font-size: 11px"' if self.folded else ""  # to be looked up, and often wide
        table = f"<table{small}>{caption}<thead>{head}</thead><tbody>{body}</tbody>{foot}</table>"
        if not self.folded:
            return table
        return f"<details><summary>{title or 'table'}</summary>{table}</details>"

    @property
    def _columns(self):
        return list(self.rows[0]) if self.rows else []

    @property
    def _all(self):
        return [*self.rows, *([self.total] if self.total else [])]

    @property
    def _numbers(self) -> list[bool]:
        return [
            any(isinstance(row[column], int | float) for row in self.rows)
            for column in self._columns
        ]

    def _texts(self, row):
        return [_text(row.get(column, "")) for column in self._columns]


def _text(value) -> str:
    if isinstance(value, tuple):
        return " x ".join(map(str, value))
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _html(value) -> str:
    if isinstance(value, tuple):
        return html.escape(_text(value)).replace(" ", "\u00a0")  # a shape is not broken
    if hasattr(value, "_repr_html_"):
        return value._repr_html_()
    # Nor is "3 × 3", nor a range, "3.1 to 3.4" or "3–4", nor a number from its only word,
    # "2 AvgPool2d", or from its name, "ResNet-18". A module's name may be, after a dot.
    text = re.sub(r"(?<=\d) (to|×) (?=\d)", "\u00a0\\1\u00a0", html.escape(_text(value)))
    text = re.sub(r"^(\d+) (\w+)$", "\\1\u00a0\\2", text)
    text = re.sub(r"(?<=\w)-(?=\d)", "-\u2060", text)
    text = re.sub(r"(?<=[a-z]\.)(?=\w)", "\u200b", text)
    return re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", text)
