"""One walk over values in values: tuples, lists and dicts, exactly of these types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    yield from (leaf for _, leaf in placed_leaves(value))


def placed_leaves(value: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """The leaves, each with the way there: indices and keys."""
    if type(value) in (tuple, list):
        items = enumerate(value)
    elif type(value) is dict:
        items = value.items()
    else:
        yield path, value
        return
    for key, item in items:
        yield from placed_leaves(item, (*path, key))


def by_place(args: Sequence, kwargs: Mapping[str, Any]) -> dict:
    """The arguments of a call, by index and by name."""
    return {**dict(enumerate(args)), **kwargs}
