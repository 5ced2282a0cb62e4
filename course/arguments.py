"""Reads the arguments that topics share (sizes, shapes, dtypes); says in a sentence what is wrong.

Arrays are only asked for `shape`, `ndim` and `dtype`, so the same functions serve NumPy and torch.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

# One integer for all spatial axes, or one for each, as in torch.nn.functional.
Size = int | Sequence[int]


def integers(name: str, value: Any, n: int, minimum: int = 0) -> tuple[int, ...]:
    """Give `value` as a tuple of `n` integers, as torch does: one integer stands for all axes.

    Args:
        name: what the argument is called, for the message.
        value: an integer, or a sequence of 1 or `n` integers.
        n: the number of spatial axes.
        minimum: the smallest integer allowed.

    Raises:
        ValueError: a value is no integer (as a bool or a float), is too small, or the count is off.
    """
    if type(value) is int and value >= minimum:  # as most are: a small picture takes no longer
        return (value,) * n
    items = tuple(value) if _is_sequence(value) else (value,)
    if len(items) not in (1, n):
        raise ValueError(f"{name} must be one integer or {n} of them, got {value!r}")
    try:
        sizes = tuple(_index(item) for item in items)
    except TypeError:
        raise ValueError(
            f"{name} must be an integer or a tuple of integers, got {value!r}"
        ) from None
    if min(sizes) < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value!r}")
    return sizes * n if len(sizes) == 1 else sizes


def rank(name: str, array: Any, layouts: Sequence[str], kind: type | None = None) -> None:
    """Raise ValueError unless `array` has as many axes as one of `layouts`, such as "(N, C, H, W)".

    Anything without a shape (a list, a number) is refused too: no silent conversion. `kind` is
    the one type that is taken (numpy.ndarray or torch.Tensor); None takes either.
    """
    needed = " or ".join(layouts)
    if not (hasattr(array, "shape") if kind is None else isinstance(array, kind)):
        wanted = "an array" if kind is None else f"a {kind.__module__}.{kind.__name__}"
        raise ValueError(f"{name} must be {wanted} of shape {needed}, got {_type_name(array)}")
    axes = [layout.count(",") + (not layout.endswith(",)")) for layout in layouts]
    if array.ndim not in axes:
        raise ValueError(f"{name} must have shape {needed}, got {shape(array)}")


def same_dtype(**arrays: Any) -> None:
    """Raise ValueError unless all arrays (None is skipped) have one dtype."""
    given = {name: array for name, array in arrays.items() if array is not None}
    (first, one), *others = given.items()
    for name, array in others:
        if array.dtype != one.dtype:
            raise ValueError(
                f"{name} must have the dtype of {first}, {one.dtype}, got {array.dtype}"
            )


def numeric(name: str, array: Any, floating: bool = False) -> None:
    """Raise ValueError unless `array` holds numbers that torch computes with.

    Booleans and Python objects are refused; with `floating`, integers and complex numbers too.
    """
    dtype = _dtype_name(array.dtype)
    if floating and not dtype.startswith(("float", "bfloat")):
        raise ValueError(f"{name} must have a floating-point dtype, got {dtype}")
    if not dtype.startswith(("float", "bfloat", "int", "uint", "complex")):
        raise ValueError(f"{name} must have a dtype of numbers, got {dtype}")


def expect_shape(name: str, array: Any, expected: Sequence[int], why: str) -> None:
    """Raise ValueError unless `array` has just the `expected` shape; `why` ends the sentence."""
    if not hasattr(array, "shape") or tuple(array.shape) != tuple(expected):
        got = shape(array) if hasattr(array, "shape") else _type_name(array)
        raise ValueError(f"{name} must have shape {tuple(expected)}, {why}, got {got}")


def shape(array: Any) -> tuple[int, ...]:
    """The shape as a plain tuple of integers: torch.Size prints another way."""
    return tuple(int(size) for size in array.shape)


@functools.cache  # NumPy spells the name anew each time, which takes longer than to add some pixels
def _dtype_name(dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _is_sequence(value) -> bool:
    # A NumPy or torch scalar has a length method, but no length: its shape is ().
    return hasattr(value, "__len__") and not isinstance(value, str) and getattr(value, "ndim", 1)


def _type_name(value) -> str:
    """The type's full name: "ndarray" and "Tensor" alone would not say whose."""
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _index(item) -> int:
    if isinstance(item, bool):
        raise TypeError
    return operator.index(item)
