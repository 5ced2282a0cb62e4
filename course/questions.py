"""Asks a question that takes an answer and says what was misunderstood: one call a question.

    questions.number(
        "What is $y[5]$?", reference.convolve1d(x, w)[5],
        wrong={5.0: "The weights lie backwards: the newest reading gets the first one."},
        why="The newest reading gets the weight 0.5, the one before it 0.3.",
    )

What is right is computed where it can be, not typed. The question lives in the page alone: it works
without a kernel, keeps the answer in the reader's browser, and counts nothing. Where a page runs no
scripts, it is the question and a fold.

Texts may hold `code` and formulas between dollar signs.
"""

from __future__ import annotations

import functools
import html
import json
import math
import re
from collections.abc import Mapping, Sequence
from importlib import resources

import numpy as np


class Question:
    """A question; a notebook shows it.

    Attributes:
        kind: "number", "choice", "order" or "shape".
        prompt: what is asked.
        right: the right answer, as a JSON value.
        wrong: (answer, what was misunderstood) of each known wrong answer.
        why: why the right answer is right.
    """

    def __init__(self, kind, prompt, right, wrong, why, **options):
        for answer, _ in wrong:
            if answer == right:
                raise ValueError(f"wrong must not hold the right answer, got {answer!r}")
        self.kind, self.prompt, self.right = kind, prompt, right
        self.wrong, self.why, self.options = tuple(wrong), why, options

    def __repr__(self):
        return f"Question: {self.prompt}"

    def _repr_html_(self) -> str:
        about = {
            "kind": self.kind,
            "right": self.right,
            "wrong": [{"answer": answer, "said": _text(said)} for answer, said in self.wrong],
            "key": f"question: {self.prompt} {self.right}",
            **self.options,
        }
        # "<" would end the script early.
        data = json.dumps(about, allow_nan=False).replace("<", "\\u003c")
        return (
            '<section class="course-question" data-lm-suppress-shortcuts="true" '
            'style="border-left: 4px solid #0072b2; padding: .2em 1em; margin: .5em 0">'
            f'<p class="asked"><b>Predict.</b> {_text(self.prompt)}</p>'
            '<div class="answer"></div><p class="said" role="status" aria-live="polite"></p>'
            "<details><summary>The answer, and why</summary>"
            f"<p><b>{_text(self._right_text())}</b></p><p>{_text(self.why)}</p></details>"
            f'<script type="application/json">{data}</script>'
            f"<script>{_script()}</script></section>"
        )

    def _right_text(self) -> str:
        if self.kind == "number":
            return f"{self.right:,.10g}" + self.options["unit"]
        if self.kind == "choice":
            return self.options["choices"][self.right]
        if self.kind == "order":
            return ", then ".join(self.options["items"][i] for i in self.right)
        return "(" + ", ".join(map(str, self.right)) + ("," if len(self.right) == 1 else "") + ")"


def number(
    prompt: str,
    right: float,
    *,
    why: str,
    wrong: Mapping[float, str] | None = None,
    within: float = 0.01,
    unit: str = "",
) -> Question:
    """Ask for a number.

    Args:
        prompt: the question.
        right: the right answer.
        why: shown with the right answer.
        wrong: what each known wrong number means.
        within: how far off an answer may be, as a part of the number; 0 is exact. It must be so
            small that no number of `wrong` counts as right.
        unit: written behind the field, such as " %".

    Raises:
        ValueError: a wrong number is as near as `within`.
    """
    right = float(right)
    wrong = {float(answer): said for answer, said in (wrong or {}).items()}
    for answer in wrong:
        if abs(answer - right) <= within * max(abs(right), abs(answer)):
            raise ValueError(f"wrong must not hold what counts as right, {right:g}, got {answer:g}")
    if not math.isfinite(right):
        raise ValueError(f"right must be finite, got {right}")
    return Question("number", prompt, right, wrong.items(), why, within=within, unit=unit)


def choice(prompt: str, options: Mapping[str, str | None], *, why: str) -> Question:
    """Ask for one of several answers.

    Args:
        prompt: the question.
        options: {answer: what was misunderstood}, in the order shown; None marks the right one.
        why: shown with the right answer.

    Raises:
        ValueError: not exactly one option is right.
    """
    right = [place for place, said in enumerate(options.values()) if said is None]
    if len(right) != 1:
        raise ValueError(f"options must have one right answer, got {len(right)}")
    wrong = [(place, said) for place, said in enumerate(options.values()) if said is not None]
    return Question("choice", prompt, right[0], wrong, why, choices=list(options))


def order(
    prompt: str,
    right: Sequence[str],
    *,
    why: str,
    wrong: Mapping[tuple[str, ...], str] | None = None,
) -> Question:
    """Ask for an order; the items are shown sorted by their names.

    Args:
        prompt: the question.
        right: the items in the right order, no two the same.
        why: shown with the right answer.
        wrong: what each known wrong order means.

    Raises:
        ValueError: an item is there twice, or a wrong order has other items.
    """
    items = sorted(right)
    if len(set(items)) != len(items):
        raise ValueError(f"right must have no item twice, got {list(right)}")
    for answer in wrong or {}:
        if sorted(answer) != items:
            raise ValueError(f"wrong must have the items {items}, got {list(answer)}")
    places = [items.index(item) for item in right]
    known = [
        ([items.index(item) for item in answer], said) for answer, said in (wrong or {}).items()
    ]
    return Question("order", prompt, places, known, why, items=items)


def shape(
    prompt: str,
    right: Sequence[int],
    *,
    why: str,
    wrong: Mapping[tuple[int, ...], str] | None = None,
) -> Question:
    """Ask for a shape, or another short row of integers: "4, 3", "(4, 3)" and "4 x 3" are one.

    Args:
        prompt: the question.
        right: the integers.
        why: shown with the right answer.
        wrong: what each known wrong row means.
    """
    right = [int(size) for size in np.asarray(right).ravel()]
    known = [([int(size) for size in answer], said) for answer, said in (wrong or {}).items()]
    return Question("shape", prompt, right, known, why)


def _text(text: str) -> str:
    """Escaped, with `code` as code; "12 %", "3 × 3" and a formula with its full stop stay whole."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    text = re.sub(r"(?<=\d) (?=[%×])|(?<=×) (?=\d)", "&nbsp;", text)
    # A long formula may be broken itself.
    whole = r'<span style="white-space: nowrap">\1</span>'
    return re.sub(r"(\$[^$]{1,20}\$[.,;:?!)]+)", whole, text)


@functools.cache
def _script() -> str:
    return resources.files("course").joinpath("questions.js").read_text("utf-8")
