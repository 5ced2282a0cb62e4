"""What a check tries: calls with data drawn from a seed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from checked_call import leaves


@dataclasses.dataclass(frozen=True)
class Case:
    """One call to try: what goes in, and the exception that is the right answer, if one is."""

    args: tuple
    kwargs: dict
    error: type | None = None


def case(*args: Any, **kwargs: Any) -> Case:
    """A call that has a result."""
    return Case(args, kwargs)


def refuses(error: type, *args: Any, **kwargs: Any) -> Case:
    """A call that must raise `error`."""
    return Case(args, kwargs, error)


def numbers_in(case: Case) -> tuple[int, int]:
    """How many arrays a case has, and how many numbers they hold; of one without a result, 0."""
    values = [] if case.error else leaves([*case.args, *case.kwargs.values()])
    sizes = [value.size for value in values if isinstance(value, np.ndarray)]
    return len(sizes), sum(sizes)


class Draw:
    """The random data of a check, from one seed. Values are rounded, to be read."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)

    def normal(self, *shape: int, dtype: str = "float64") -> np.ndarray:
        """Normal values with two decimals, none of them zero."""
        values = np.round(self.rng.normal(size=shape), 2)
        return np.where(values == 0, 0.5, values).astype(dtype)

    def integer(self, low: int, high: int) -> int:
        """An integer, both ends included."""
        return int(self.rng.integers(low, high, endpoint=True))

    def distinct(self, count: int, low: int, high: int) -> list[int]:
        """Different integers in random order, both ends included."""
        return [int(n) for n in low + self.rng.permutation(high - low + 1)[:count]]

    def choice(self, *options: Any) -> Any:
        """One of the options."""
        return options[self.rng.integers(len(options))]
