"""One walk over values in values: tuples, lists and dicts, exactly of these types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def mapped(function: Callable, value: Any) -> Any:
    """The same containers, with `function` of everything in them that is no container."""
    if type(value) in (tuple, list):
        return type(value)(mapped(function, item) for item in value)
    if type(value) is dict:
        return {key: mapped(function, item) for key, item in value.items()}
    return function(value)


def leaves(value: Any) -> Iterator:
    """Everything in the containers that is no container, in order."""
    if type(value) in (tuple, list):
        for item in value:
            yield from leaves(item)
    elif type(value) is dict:
        yield from leaves(list(value.values()))
    else:
        yield value
