"""Compares a result with what is expected, and says in one sentence what is wrong first."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch

# Kinds of verdict on what a result holds: numbers to search and to find a place in.
WRONG_NUMBERS = ("shape", "values", "finite")
TOLERANCE = {"float64": 1e-9, "float32": 1e-4, "float16": 1e-2, "bfloat16": 5e-2}


@dataclasses.dataclass
class Verdict:
    """What came of a case.

    Attributes:
        kind: "passed", or in the order of judgement "not attempted", "raised", "no error",
            "out of time", "library", "type", "shape", "dtype", "finite", "modified", "alias",
            "values", "loop", "memory", "view", "gradient", "not run" or "not counted" (an error
            that was rightly raised where no case with a result passes).
        says: one sentence; empty when passed.
        detail: more lines, such as a traceback.
        got, expected: plain arrays of the first difference, for the pictures.
        first: the index of the first difference.
        result: the whole result as plain data, where it can be compared.
    """

    kind: str
    says: str = ""
    detail: str = ""
    got: np.ndarray | None = None
    expected: np.ndarray | None = None
    first: tuple[int, ...] | None = None
    result: Any = None
    printed: str = ""


def first_of_wrong_numbers(verdicts: Sequence[Verdict]) -> int | None:
    """The place of the first case that failed, where what is wrong with it are numbers."""
    failed = next((i for i, verdict in enumerate(verdicts) if verdict.kind != "passed"), None)
    return failed if failed is not None and verdicts[failed].kind in WRONG_NUMBERS else None


def judge(got: Any, expected: Any, required: Requirements, where: str = "result") -> Verdict:
    """Compare a result with what is expected: type, shape, dtype, finite values, in this order.

    Values are compared last, by `compare_values`, after the arguments have been looked at.
    """
    if isinstance(expected, (tuple, list)):
        if not issubclass(type(got), (tuple, list)):
            return Verdict("type", f"wrong type: {kind_of(got)}, expected {kind_of(expected)}")
        count = len(expected)
        items = list((tuple if issubclass(type(got), tuple) else list).__iter__(got))
        if len(items) != count:
            return Verdict("type", f"wrong number of results: got {len(items)}, expected {count}")
        names = required.names or [f"{where}[{i}]" for i in range(count)]
        parts = zip(items, expected, names, strict=True)
        return _first_failure(judge(g, e, required.unnamed(), name) for g, e, name in parts)
    if isinstance(expected, dict):
        if type(got) is not dict or any(type(key) not in (str, int) for key in got):
            return Verdict("type", f"wrong type: {kind_of(got)}, expected dict")
        if missing := [key for key in expected if key not in got]:
            return Verdict("type", f"the result has no entry {missing[0]!r}")
        if extra := [key for key in got if key not in expected]:
            return Verdict("type", f"the result has an entry {extra[0]!r} that nobody asked for")
        return _first_failure(
            judge(got[key], value, required, f"{where}[{key!r}]") for key, value in expected.items()
        )
    of = "" if where == "result" else f" of {where}"
    if isinstance(expected, np.ndarray):
        return _judge_array(got, expected, required, of)
    return _judge_scalar(got, expected, of)


def _judge_scalar(got, expected, of: str) -> Verdict:
    kind = type(got)
    if isinstance(expected, (bool, str, type(None))):
        fits = kind is type(expected) or (isinstance(expected, bool) and kind is np.bool_)
    elif isinstance(expected, int):
        fits = kind is int or issubclass(kind, np.integer)
    else:
        fits = kind in (int, float) or issubclass(kind, (np.integer, np.floating))
    if not fits:
        hint = ""
        if kind is float and isinstance(expected, int):
            hint = f" (got {got!r}; // divides integers)"
        wanted = {int: "an integer", float: "a number"}.get(type(expected), kind_of(expected))
        return Verdict("type", f"wrong type{of}: {kind_of(got)}, expected {wanted}{hint}")
    if isinstance(expected, float) and np.isfinite(expected) and not np.isfinite(float(got)):
        return Verdict("finite", f"not finite{of}: got {float(got)}")
    return Verdict("passed")


def _judge_array(got, expected: np.ndarray, required, of: str) -> Verdict:
    kind = torch.Tensor if required.torch else np.ndarray
    accepted = (torch.Tensor, torch.nn.Parameter) if required.torch else (np.ndarray,)
    name = f"{kind.__module__}.{kind.__name__}"
    if type(got) not in accepted:
        hint = "; does the function return its result?" if got is None else ""
        return Verdict("type", f"wrong type{of}: {kind_of(got)}, expected {name}{hint}")
    if required.torch and got.layout != torch.strided:
        return Verdict("type", f"wrong type{of}: a sparse tensor, expected a dense one")
    shape = tuple(got.shape)
    if shape != expected.shape:
        return Verdict(
            "shape",
            f"wrong shape{of}: got {shape}, expected {expected.shape}",
            got=_numbers(got),
            expected=expected,
        )
    if required.torch:
        if got.device != required.device:
            return Verdict(
                "dtype", f"wrong device{of}: got {got.device}, expected {required.device}"
            )
        dtype = str(got.dtype).removeprefix("torch.")
    else:
        dtype = str(got.dtype)
    wanted = _dtype_needed(dtype, expected, required)
    if wanted:
        return Verdict("dtype", f"wrong dtype{of}: got {dtype}, expected {wanted}")
    values = _numbers(got)
    if expected.dtype.kind == "f":
        bad = ~np.isfinite(values) & np.isfinite(expected)
        if bad.any():
            first = tuple(int(i) for i in np.argwhere(bad)[0])
            return Verdict(
                "finite",
                f"not finite{of}: {values[first]} at {list(first)}, {_share(bad)}",
                got=values,
                expected=expected,
                first=first,
            )
    return Verdict("passed")


def _dtype_needed(dtype: str, expected: np.ndarray, required) -> str:
    """The dtype that was needed instead of `dtype`; empty when `dtype` will do.

    A tensor keeps the dtype that went in. NumPy's results may be wider than that, not narrower.
    """
    kind = expected.dtype.kind
    if kind == "b":
        return "" if dtype == "bool" else "bool"
    if kind in "iu":
        return "" if dtype.startswith(("int", "uint")) else "an integer dtype"
    if required.torch:
        return "" if dtype == required.dtype else required.dtype
    wide = dtype.startswith("float") and np.can_cast(required.dtype, dtype)
    return "" if wide else required.dtype


def compare_values(
    got: Any, expected: Any, required: Requirements, where: str = "result"
) -> Verdict:
    """Compare the values of a result that `judge` has passed."""
    if isinstance(expected, (tuple, list)):
        names = required.names or [f"{where}[{i}]" for i in range(len(expected))]
        parts = zip(got, expected, names, strict=True)
        return _first_failure(
            compare_values(g, e, required.unnamed(), name) for g, e, name in parts
        )
    if isinstance(expected, dict):
        return _first_failure(
            compare_values(got[key], value, required, f"{where}[{key!r}]")
            for key, value in expected.items()
        )
    of = "" if where == "result" else f" of {where}"
    if not isinstance(expected, np.ndarray):
        if same(got, expected, required.tolerance):
            return Verdict("passed")
        texts = _told_apart(got, expected)
        return Verdict("values", f"wrong value{of}: got {texts[0]}, expected {texts[1]}")
    wrong = ~close(got, expected, required.tolerance)
    if not wrong.any():
        return Verdict("passed")
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    texts = _told_apart(got[first], expected[first])
    at = f"first at {list(first)}: " if first else ""
    return Verdict(
        "values",
        f"wrong values{of}, {at}got {texts[0]}, expected {texts[1]} ({_share(wrong)})",
        got=got,
        expected=expected,
        first=first,
    )


@dataclasses.dataclass(frozen=True)
class Requirements:
    """What a result must be besides its values."""

    torch: bool
    dtype: str
    device: torch.device | None
    names: Sequence[str]

    def unnamed(self) -> Requirements:
        return dataclasses.replace(self, names=())

    @property
    def tolerance(self) -> float:
        return TOLERANCE.get(self.dtype, 1e-9)


def _first_failure(verdicts: Iterable[Verdict]) -> Verdict:
    return next((verdict for verdict in verdicts if verdict.kind != "passed"), Verdict("passed"))


def plain(value: Any) -> Any:
    """Exact base types with values of our own: nothing a student wrote takes part in comparing."""
    kind = type(value)
    if issubclass(kind, tuple):
        return tuple(map(plain, tuple.__iter__(value)))
    if issubclass(kind, list):
        return tuple(map(plain, list.__iter__(value)))
    if kind is dict:
        return {key: plain(item) for key, item in value.items()}
    if kind in (np.ndarray, torch.Tensor, torch.nn.Parameter):
        return _numbers(value)
    if issubclass(kind, np.generic):
        return value.item()
    return value if kind in (bool, int, float, str, type(None)) else None


def _numbers(array) -> np.ndarray | None:
    """A copy as float64 (integers and booleans keep their dtype); None where there are none."""
    if isinstance(array, torch.Tensor):
        if array.device.type == "meta" or array.layout != torch.strided or array.is_complex():
            return None
        array = array.detach().cpu()
        array = (array.double() if array.is_floating_point() else array).numpy()
    if array.dtype.kind not in "fiub" or array.size > 1_000_000:
        return None
    return array.astype("float64" if array.dtype.kind == "f" else array.dtype)


def same(got: Any, expected: Any, tolerance: float) -> bool:
    """Are two plain results the same, shapes included?"""
    if isinstance(expected, np.ndarray):
        return (
            isinstance(got, np.ndarray)
            and got.shape == expected.shape
            and bool(close(got, expected, tolerance).all())
        )
    if isinstance(expected, (tuple, list)):
        return (
            isinstance(got, (tuple, list))
            and len(got) == len(expected)
            and all(same(a, b, tolerance) for a, b in zip(got, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and got.keys() == expected.keys()
            and all(same(got[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, float) and isinstance(got, (int, float)):
        return bool(close(np.asarray(float(got)), np.asarray(expected), tolerance))
    return isinstance(got, type(expected)) and got == expected


def close(got: np.ndarray, expected: np.ndarray, tolerance: float) -> np.ndarray:
    """Where two arrays of one shape agree; errors are measured by the largest value expected."""
    if expected.dtype.kind != "f":
        return got == expected
    finite = np.isfinite(expected)
    scale = max(1.0, float(np.max(np.abs(expected), where=finite, initial=0.0)))
    with np.errstate(invalid="ignore"):
        near = np.abs(got - expected) <= tolerance * scale
    return np.where(finite, near, (got == expected) | (np.isnan(got) & np.isnan(expected)))


def _told_apart(*values) -> tuple[str, ...]:
    """Numbers as text, with as many digits as it takes to tell them apart."""
    if not all(isinstance(value, (float, np.floating)) for value in values):
        return tuple(
            str(value) if isinstance(value, np.generic) else repr(value) for value in values
        )
    for digits in (2, 4, 8, 17):
        texts = tuple(f"{value:.{digits}f}" for value in values)
        if digits == 2 and any(0 < abs(value) < 0.01 or abs(value) > 1e9 for value in values):
            continue
        if len(set(texts)) == len(texts):
            return texts
    return tuple(repr(float(value)) for value in values)


def _share(wrong: np.ndarray) -> str:
    return f"{int(wrong.sum())} of {wrong.size} differ"


def kind_of(value: Any) -> str:
    """The name of a value's type, with the module where that says something."""
    kind = type(value)
    if value is None:
        return "None"
    if issubclass(kind, np.ndarray) and kind is not np.ndarray:
        return f"{kind.__name__}, a subclass of numpy.ndarray"
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__name__
    return f"{kind.__module__}.{kind.__name__}"
