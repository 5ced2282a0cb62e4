"""Known wrong answers, described by what they compute."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Misunderstanding:
    """A known wrong answer, described by what it computes.

    Attributes:
        name: a noun phrase with its article, as "a flipped kernel".
        says: one sentence that puts it right.
        section: the title of the lecture's section that explains it.
        oracle: what it computes, from the arguments by name.
    """

    name: str
    says: str
    section: str
    oracle: Callable


def mistakes(
    section: str, rows: Iterable[tuple], oracle: Callable = lambda what: what
) -> list[Misunderstanding]:
    """The misunderstandings of one section, from rows of (name, what puts it right, what).

    Args:
        section: their section, where a row does not name another one at its end.
        rows: (name, says, what) or (name, says, what, section).
        oracle: from `what` to the oracle; by default `what` is one.
    """
    return [
        Misunderstanding(name, says, *(other or [section]), oracle(what))
        for name, says, what, *other in rows
    ]


def pair(value: Any) -> tuple:
    """A size as (vertical, horizontal), for oracles: one number stands for both."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def width_from_height(y: np.ndarray) -> np.ndarray | None:
    """What is left of (..., H, W) where the width of the output is copied from its height."""
    rows, columns = y.shape[-2:]
    return y[..., :rows] if columns >= rows else None
