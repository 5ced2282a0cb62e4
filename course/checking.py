"""Checks a student's function: tries cases, says what came out, names the misunderstanding.

A topic's `checks.py` states what a right answer is, as one `Task` for each function:

    conv2d = Task(
        "conv2d",
        truth,                                   # NumPy in and out, float64, by torch.nn.functional
        cases=visible,                           # a generator function of cases; see below
        draw=hidden,
        lecture="01_convolution",
        section="The two-dimensional sum",       # linked by every failed check
        misunderstandings=[
            Misunderstanding(
                "a flipped kernel",              # "Your result is exactly what ... gives."
                "Deep-learning convolution is cross-correlation: do not flip.",
                "Flipping is not transposing",   # the section of the lecture that explains it
                lambda x, weight, **rest: truth(x, weight[..., ::-1, ::-1], **rest),
            ),
        ],
    )

    def visible(draw):
        yield case(draw.normal(2, 3, 7, 5), draw.normal(4, 3, 3, 2), stride=(2, 1))
        yield refuses(ValueError, draw.normal(2, 3, 7, 5), draw.normal(4, 5, 3, 2))

    checks.conv2d(conv2d, points=3)              # in the notebook: shows a report, gives the points

The same function may serve as `cases` and `draw`: the visible cases come from one fixed seed. An
oracle, right or wrong, is called with the arguments by name, in float64, and returns arrays,
numbers, or tuples, lists and dicts of them. Where a misunderstanding has no result (its code would
raise), its oracle raises or gives `None`.

A misunderstanding is named only where the evidence forces it: the student's results equal its
results on every case that gave one, and those of no other. So the visible cases must tell the
misunderstandings apart; `tests/answers` holds that for every topic.

All calls of a student's function go through `checked_call`: the function may live in another
process.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import html
import inspect
import io
import itertools
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

from checked_call import Call, Description, call, leaves, lives_elsewhere, mapped, perform
from course.device import device

# Of CPU. A call that waits is ended after some more of the wall clock, and is the check's last:
# nbgrader ends a whole cell after 30 s if not told otherwise.
CALL_SECONDS = 5.0
CHECK_SECONDS = 20.0
TOLERANCE = {"float64": 1e-9, "float32": 1e-4, "float16": 1e-2, "bfloat16": 5e-2}


# What a topic states


@dataclasses.dataclass(frozen=True)
class Case:
    """One call to try: what goes in, and the exception that is the right answer, if one is."""

    args: tuple
    kwargs: dict
    error: type | None = None


def case(*args, **kwargs) -> Case:
    """A call that has a result."""
    return Case(args, kwargs)


def refuses(error: type, *args, **kwargs) -> Case:
    """A call that must raise `error`."""
    return Case(args, kwargs, error)


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


def mistakes(section: str, rows: Iterable[tuple], oracle: Callable = lambda what: what):
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


def pair(value) -> tuple:
    """A size as (vertical, horizontal), for oracles: one number stands for both."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def width_from_height(y: np.ndarray) -> np.ndarray | None:
    """What is left of (..., H, W) where the width of the output is copied from its height."""
    rows, columns = y.shape[-2:]
    return y[..., :rows] if columns >= rows else None


class Draw:
    """The random data of a check, from one seed. Values are rounded, to be read."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)

    def normal(self, *shape: int, dtype="float64") -> np.ndarray:
        """Normal values with two decimals, none of them zero."""
        values = np.round(self.rng.normal(size=shape), 2)
        return np.where(values == 0, 0.5, values).astype(dtype)

    def integer(self, low: int, high: int) -> int:
        """An integer, both ends included."""
        return int(self.rng.integers(low, high, endpoint=True))

    def distinct(self, count: int, low: int, high: int) -> list[int]:
        """Different integers in random order, both ends included."""
        return [int(n) for n in low + self.rng.permutation(high - low + 1)[:count]]

    def choice(self, *options):
        """One of the options."""
        return options[self.rng.integers(len(options))]


# Judging a result


@dataclasses.dataclass
class Verdict:
    """What came of a case.

    Attributes:
        kind: "passed", or in the order of judgement "not attempted", "raised", "no error",
            "out of time", "library", "type", "shape", "dtype", "finite", "modified", "alias",
            "values", "loop", "gradient" or "not run".
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


def _judged(got, expected, needs, where: str = "result") -> Verdict:
    """Compare a result with what is expected: type, shape, dtype, finite values, in this order.

    Values are compared last, by `_values`, after the arguments have been looked at.
    """
    if isinstance(expected, (tuple, list)):
        if not issubclass(type(got), (tuple, list)):
            return Verdict("type", f"wrong type: {_kind(got)}, expected {_kind(expected)}")
        count = len(expected)
        items = list((tuple if issubclass(type(got), tuple) else list).__iter__(got))
        if len(items) != count:
            return Verdict("type", f"wrong number of results: got {len(items)}, expected {count}")
        names = needs.names or [f"{where}[{i}]" for i in range(count)]
        parts = zip(items, expected, names, strict=True)
        return _first_failure(_judged(g, e, needs.unnamed(), name) for g, e, name in parts)
    if isinstance(expected, dict):
        if type(got) is not dict or any(type(key) not in (str, int) for key in got):
            return Verdict("type", f"wrong type: {_kind(got)}, expected dict")
        if missing := [key for key in expected if key not in got]:
            return Verdict("type", f"the result has no entry {missing[0]!r}")
        if extra := [key for key in got if key not in expected]:
            return Verdict("type", f"the result has an entry {extra[0]!r} that nobody asked for")
        return _first_failure(
            _judged(got[key], value, needs, f"{where}[{key!r}]") for key, value in expected.items()
        )
    of = "" if where == "result" else f" of {where}"
    if isinstance(expected, np.ndarray):
        return _judged_array(got, expected, needs, of)
    return _judged_scalar(got, expected, of)


def _judged_scalar(got, expected, of: str) -> Verdict:
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
        wanted = {int: "an integer", float: "a number"}.get(type(expected), _kind(expected))
        return Verdict("type", f"wrong type{of}: {_kind(got)}, expected {wanted}{hint}")
    if isinstance(expected, float) and np.isfinite(expected) and not np.isfinite(float(got)):
        return Verdict("finite", f"not finite{of}: got {float(got)}")
    return Verdict("passed")


def _judged_array(got, expected: np.ndarray, needs, of: str) -> Verdict:
    kind = torch.Tensor if needs.torch else np.ndarray
    accepted = (torch.Tensor, torch.nn.Parameter) if needs.torch else (np.ndarray,)
    name = f"{kind.__module__}.{kind.__name__}"
    if type(got) not in accepted:
        hint = "; does the function return its result?" if got is None else ""
        return Verdict("type", f"wrong type{of}: {_kind(got)}, expected {name}{hint}")
    if needs.torch and got.layout != torch.strided:
        return Verdict("type", f"wrong type{of}: a sparse tensor, expected a dense one")
    shape = tuple(got.shape)
    if shape != expected.shape:
        return Verdict(
            "shape",
            f"wrong shape{of}: got {shape}, expected {expected.shape}",
            got=_numbers(got),
            expected=expected,
        )
    if needs.torch:
        if got.device != needs.device:
            return Verdict("dtype", f"wrong device{of}: got {got.device}, expected {needs.device}")
        dtype = str(got.dtype).removeprefix("torch.")
    else:
        dtype = str(got.dtype)
    wanted = _dtype_needed(dtype, expected, needs)
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


def _dtype_needed(dtype: str, expected: np.ndarray, needs) -> str:
    """The dtype that was needed instead of `dtype`; empty when `dtype` will do.

    A tensor keeps the dtype that went in. NumPy's results may be wider than that, not narrower.
    """
    kind = expected.dtype.kind
    if kind == "b":
        return "" if dtype == "bool" else "bool"
    if kind in "iu":
        return "" if dtype.startswith(("int", "uint")) else "an integer dtype"
    if needs.torch:
        return "" if dtype == needs.dtype else needs.dtype
    wide = dtype.startswith("float") and np.can_cast(needs.dtype, dtype)
    return "" if wide else needs.dtype


def _values(got, expected, needs, where: str = "result") -> Verdict:
    """Compare the values of a result that `_judged` has passed."""
    if isinstance(expected, (tuple, list)):
        names = needs.names or [f"{where}[{i}]" for i in range(len(expected))]
        parts = zip(got, expected, names, strict=True)
        return _first_failure(_values(g, e, needs.unnamed(), name) for g, e, name in parts)
    if isinstance(expected, dict):
        return _first_failure(
            _values(got[key], value, needs, f"{where}[{key!r}]") for key, value in expected.items()
        )
    of = "" if where == "result" else f" of {where}"
    if not isinstance(expected, np.ndarray):
        if _same(got, expected, needs.tolerance):
            return Verdict("passed")
        texts = _telling(got, expected)
        return Verdict("values", f"wrong value{of}: got {texts[0]}, expected {texts[1]}")
    wrong = ~_close(got, expected, needs.tolerance)
    if not wrong.any():
        return Verdict("passed")
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    texts = _telling(got[first], expected[first])
    at = f"first at {list(first)}: " if first else ""
    return Verdict(
        "values",
        f"wrong values{of}, {at}got {texts[0]}, expected {texts[1]} ({_share(wrong)})",
        got=got,
        expected=expected,
        first=first,
    )


@dataclasses.dataclass(frozen=True)
class _Needs:
    """What a result must be besides its values."""

    torch: bool
    dtype: str
    device: torch.device | None
    names: Sequence[str]

    def unnamed(self):
        return dataclasses.replace(self, names=())

    @property
    def tolerance(self) -> float:
        return TOLERANCE.get(self.dtype, 1e-9)


def _first_failure(verdicts: Iterable[Verdict]) -> Verdict:
    return next((verdict for verdict in verdicts if verdict.kind != "passed"), Verdict("passed"))


def _plain(value):
    """Exact base types with values of our own: nothing a student wrote takes part in comparing."""
    kind = type(value)
    if issubclass(kind, tuple):
        return tuple(map(_plain, tuple.__iter__(value)))
    if issubclass(kind, list):
        return tuple(map(_plain, list.__iter__(value)))
    if kind is dict:
        return {key: _plain(item) for key, item in value.items()}
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


def _same(one, other, tolerance: float) -> bool:
    """Are two plain results the same, shapes included?"""
    if isinstance(other, np.ndarray):
        return (
            isinstance(one, np.ndarray)
            and one.shape == other.shape
            and bool(_close(one, other, tolerance).all())
        )
    if isinstance(other, (tuple, list)):
        return (
            isinstance(one, (tuple, list))
            and len(one) == len(other)
            and all(_same(a, b, tolerance) for a, b in zip(one, other, strict=True))
        )
    if isinstance(other, dict):
        return (
            isinstance(one, dict)
            and one.keys() == other.keys()
            and all(_same(one[key], other[key], tolerance) for key in other)
        )
    if isinstance(other, float) and isinstance(one, (int, float)):
        return bool(_close(np.asarray(float(one)), np.asarray(other), tolerance))
    return isinstance(one, type(other)) and one == other


def _close(got: np.ndarray, expected: np.ndarray, tolerance: float) -> np.ndarray:
    """Where two arrays of one shape agree; errors are measured by the largest value expected."""
    if expected.dtype.kind != "f":
        return got == expected
    finite = np.isfinite(expected)
    scale = max(1.0, float(np.max(np.abs(expected), where=finite, initial=0.0)))
    with np.errstate(invalid="ignore"):
        near = np.abs(got - expected) <= tolerance * scale
    return np.where(finite, near, (got == expected) | (np.isnan(got) & np.isnan(expected)))


def _telling(*values) -> tuple[str, ...]:
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


def _kind(value) -> str:
    """The name of a value's type, with the module where that says something."""
    kind = type(value)
    if value is None:
        return "None"
    if issubclass(kind, np.ndarray) and kind is not np.ndarray:
        return f"{kind.__name__}, a subclass of numpy.ndarray"
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__name__
    return f"{kind.__module__}.{kind.__name__}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + " ..."


# A task


class Task:
    """One function that a student writes: what it must compute, and how to tell.

    Args:
        name: the function's name.
        truth: the oracle: NumPy arguments by name, floats in float64; the right result.
        cases: generator function of the visible cases, from a `Draw`.
        draw: generator function of the hidden cases, from a `Draw` of the hidden seed.
        lecture: file name of the lecture without ".ipynb".
        section: title of the lecture's section that the task rests on.
        misunderstandings: the known wrong answers.
        torch: the function takes and gives tensors on the student's device; oracles stay NumPy.
        forbidden: names of torch operations that may not be called, such as "convolution".
        vectorised: from (draw, height, width) a case with an output of that many pixels; the case
            fails where a Python loop runs over them.
        differentiable: gradients must flow through the torch result.
        names: what the items of a tuple result are called.
        prepare: from (student's object, **keyword arguments of a case) the function that is called
            with the positional ones; for a class, an instance. None: the object itself is called.
    """

    def __init__(
        self,
        name: str,
        truth: Callable,
        *,
        cases: Callable,
        draw: Callable,
        lecture: str,
        section: str,
        misunderstandings: Sequence[Misunderstanding] = (),
        torch: bool = False,
        forbidden: Sequence[str] = (),
        vectorised: Callable | None = None,
        differentiable: bool = False,
        names: Sequence[str] = (),
        prepare: Callable | None = None,
    ):
        self.name = self.__name__ = name
        self.truth, self.cases, self.draw = truth, cases, draw
        self.lecture, self.section = lecture, section
        self.misunderstandings = tuple(misunderstandings)
        self.torch, self.forbidden = torch, frozenset(forbidden)
        self.vectorised, self.differentiable = vectorised, differentiable
        self.names, self.prepare = tuple(names), prepare
        self.signature = inspect.signature(truth)

    def __call__(self, function, points: float = 1, hidden: int | None = None) -> float:
        """Check `function`, show the report, and give the points earned.

        Args:
            function: what the student wrote.
            points: what all cases together are worth.
            hidden: the seed of the hidden cases; None tries the visible ones.

        Returns:
            A plain number from 0 to `points`, in proportion to the cases passed.

        Raises:
            AssertionError: a case failed and nbgrader validates (NBGRADER_VALIDATING=1), which
                shows tracebacks alone. The traceback is the report.
        """
        report = self.examine(function, points, hidden)
        if os.environ.get("NBGRADER_VALIDATING") == "1" and not report.passed:
            raise CheckFailed(report)
        _show(report)
        return report.earned

    def examine(self, function, points: float = 1, hidden: int | None = None) -> Report:
        """The report of a check, not shown."""
        seed = None if hidden is None else _seed(hidden)
        tried = self.all_cases(seed)
        verdicts: list[Verdict] = []
        clock = _Clock()
        for index, one in enumerate(tried):
            if any(v.kind == "out of time" for v in verdicts) or clock.left <= 0:
                verdicts.append(Verdict("not run", "not tried after the time limit"))
            elif verdicts and verdicts[0].kind == "not attempted":
                verdicts.append(Verdict("not attempted", "not attempted yet"))
            else:
                verdicts.append(self._try(function, one, clock, last=index == len(tried) - 1))
        diagnosis = self._diagnose(tried, verdicts)
        return Report(self, tried, verdicts, diagnosis, points, seed)

    def all_cases(self, seed: int | None = None) -> list[Case]:
        """The visible cases, or the hidden ones of a seed; the case of the speed comes last."""
        draw = Draw(0 if seed is None else seed)
        tried = list((self.cases if seed is None else self.draw)(draw))
        if self.vectorised:
            tried.append(self.vectorised(draw, 4, 4))
        return tried

    def expected(self, one: Case, oracle: Callable | None = None):
        """What an oracle says of a case, as plain data; None where it has no result."""
        bound = self.signature.bind(*one.args, **one.kwargs)
        bound.apply_defaults()
        arguments = {name: mapped(_widened, value) for name, value in bound.arguments.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if oracle is None:
                return _plain(self.truth(**arguments))
            try:
                return _plain(oracle(**arguments))
            except Exception:
                return None

    def _try(self, function, one: Case, clock: _Clock, last: bool) -> Verdict:
        kind = _kind(function)
        if not (callable(function) or self.prepare or lives_elsewhere(function)):
            return Verdict("type", f"{self.name} is no function: got {kind}")
        measured = self.vectorised is not None and last
        done = self._call(function, one, clock)
        verdict = self._verdict(one, done)
        if verdict.kind == "passed" and self.differentiable:
            gradient = self._call(function, one, clock, ["differentiable"])
            if not gradient.readings.get("differentiable"):
                verdict = Verdict(
                    "gradient",
                    "no gradient flows through the result: it is cut off from x and weight "
                    "(by .numpy(), .item(), .detach(), torch.tensor(...) or no_grad)",
                    result=verdict.result,
                )
        if verdict.kind == "passed" and measured:
            verdict = self._measured(function, clock, verdict)
        verdict.printed = done.printed
        return verdict

    def _call(self, function, one: Case, clock: _Clock, probes=()) -> Call:
        args, kwargs = self._to_device(one.args), self._to_device(one.kwargs)
        probes = ["aliases", *probes, *["torch"] * bool(self.forbidden)]
        if self.prepare is None:
            return clock.spent(call(function, args, kwargs, clock.limit, probes))
        # Two calls, each with its time limit: what the student's object makes may live in another
        # process, and only the second call has a result to look at.
        prepare = functools.partial(self.prepare, function)
        prepared = clock.spent(perform(prepare, (), kwargs, clock.limit))
        if prepared.error or prepared.out_of_time:
            return prepared
        done = clock.spent(call(prepared.result, args, {}, clock.limit, probes))
        done.kwargs = prepared.kwargs
        return done

    def _to_device(self, value):
        return mapped(_tensor, value) if self.torch else value

    def _verdict(self, one: Case, done: Call) -> Verdict:
        if done.out_of_time:
            says = (
                f"no result after {CALL_SECONDS:g} seconds: the call was ended. Is a loop endless?"
            )
            return Verdict("out of time", says)
        if done.error:
            return self._verdict_of_error(one, done.error)
        if one.error:
            return Verdict(
                "no error", f"no error: got {_kind(done.result)}, expected {one.error.__name__}"
            )
        if called := self.forbidden.intersection(done.readings.get("torch", ())):
            says = f"the library's own layer was called ({', '.join(sorted(called))}): "
            return Verdict("library", says + "build the result from tensor operations instead")
        expected, needs = self.expected(one), self._needs(one)
        verdict = _judged(done.result, expected, needs)
        if verdict.kind in ("passed", "shape", "finite"):
            verdict.result = _plain(done.result)
        if verdict.kind != "passed":
            return verdict
        arguments = self._names(one)
        before = {**dict(enumerate(one.args)), **one.kwargs}
        after = {**dict(enumerate(done.args)), **done.kwargs}
        for place, name in arguments.items():
            if not _same(_plain(after.get(place)), _plain(before[place]), 0.0):
                return Verdict(
                    "modified",
                    f"the input was modified: {name} is not what it was before the call; "
                    "work on a copy",
                )
        if aliases := done.readings.get("aliases"):
            name = arguments.get(aliases[0], aliases[0])
            return Verdict(
                "alias",
                f"the result shares its memory with {name}: changing one would change the other; "
                "return a copy",
            )
        result, compared = verdict.result, _values(verdict.result, expected, needs)
        compared.result = result
        return compared

    def _verdict_of_error(self, one: Case, error: Description) -> Verdict:
        names = error.names
        if "NotImplementedError" in names:
            return Verdict("not attempted", "not attempted yet")
        if one.error and one.error.__name__ in names:
            return Verdict("passed")
        first = next(iter(error.message.strip().splitlines()), "")
        says = f"raised {names[0]}" + f": {first}" * bool(first)
        if one.error:
            says += f"; expected {one.error.__name__}"
        return Verdict("raised", says, detail=error.text)

    def _measured(self, function, clock, verdict: Verdict) -> Verdict:
        """Fail a case where the work in Python grows with the number of output pixels.

        A loop over rows alone or columns alone, or over the kernel, does not: what grows by the
        product of height and width is left when the growth by each of them is taken away.
        """
        small, large = 4, 12
        steps = {}
        for height, width in itertools.product((small, large), repeat=2):
            one = self.vectorised(Draw(1), height, width)
            done = self._call(function, one, clock, ["steps"])
            if done.error or done.out_of_time:
                return self._verdict(one, done)
            steps[height, width] = done.readings["steps"]
        grown = steps[large, large] - steps[small, large] - steps[large, small]
        grown += steps[small, small]
        pixels = (large - small) ** 2
        if grown < pixels:
            return verdict
        return Verdict(
            "loop",
            "a Python loop runs over the output pixels: "
            f"{small} x {small} outputs take {steps[small, small]:,} steps of Python, "
            f"{large} x {large} take {steps[large, large]:,}, about {round(grown / pixels):,} more "
            "for each pixel; let one array operation compute them all",
            result=verdict.result,
        )

    def _needs(self, one: Case) -> _Needs:
        arrays = list(leaves([*one.args, *one.kwargs.values()]))
        dtypes = [a.dtype for a in arrays if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
        dtype = str(np.result_type(*dtypes)) if dtypes else "float64"
        return _Needs(self.torch, dtype, _device() if self.torch else None, self.names)

    def _names(self, one: Case) -> dict:
        """The name of each argument, by its place: an index, or a keyword."""
        return {
            **dict(enumerate(list(self.signature.parameters)[: len(one.args)])),
            **{name: name for name in one.kwargs},
        }

    def describe(self, one: Case) -> str:
        """A case as a call with the shapes of its arrays: "conv2d(x (2, 3, 7, 5), stride=2)"."""
        values = {**dict(enumerate(one.args)), **one.kwargs}
        said = [_described(name, values[place]) for place, name in self._names(one).items()]
        return f"{self.name}({', '.join(said)})"

    def link(self, section: str) -> str:
        """Where a section of the lecture stands, from the exercise's folder."""
        return f"../../lectures/{self.lecture}.ipynb#{section.replace(' ', '-')}"

    def _diagnose(self, tried, verdicts) -> Misunderstanding | None:
        """The one misunderstanding that gives all the results, if there is one."""
        failed = next((v for v in verdicts if v.kind != "passed"), None)
        if failed is None or failed.kind not in ("shape", "values", "finite"):
            return None
        evidence = [
            (one, verdict.result)
            for one, verdict in zip(tried, verdicts, strict=True)
            if verdict.result is not None
        ]
        if not evidence:
            return None
        fitting = [m for m in self.misunderstandings if self.explains(m, evidence)]
        return fitting[0] if len(fitting) == 1 else None

    def explains(self, misunderstanding: Misunderstanding, evidence) -> bool:
        """Does a misunderstanding give every result of the evidence: pairs of case and result?"""
        return all(
            _same(result, self.expected(one, misunderstanding.oracle), self._needs(one).tolerance)
            for one, result in evidence
        )


class _Clock:
    """The seconds of CPU that a check has left."""

    def __init__(self):
        self.left = CHECK_SECONDS

    @property
    def limit(self) -> float:
        return min(CALL_SECONDS, self.left)

    def spent(self, done: Call) -> Call:
        self.left -= done.seconds
        return done


def _seed(hidden: int) -> int:
    """The seed of the hidden cases: a grader may draw others by COURSE_CHECK_SEED."""
    extra = os.environ.get("COURSE_CHECK_SEED", "")
    if not extra:
        return hidden
    return int.from_bytes(hashlib.sha256(f"{hidden}:{extra}".encode()).digest()[:4], "big")


def _device() -> torch.device:
    # It says once which device it is: that is for the notebook, not for a check's output.
    with contextlib.redirect_stdout(io.StringIO()):
        return device()


def _tensor(value):
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy()).to(_device())
    return value


def _widened(value):
    if isinstance(value, np.ndarray):
        return value.astype("float64") if value.dtype.kind == "f" else value.copy()
    return value


def _described(name: str, value) -> str:
    if isinstance(value, np.ndarray):
        dtype = "" if value.dtype == "float64" else f" {value.dtype}"
        return f"{name} {value.shape}{dtype}"
    if type(value) is dict:
        return f"{name}={{{len(value)} entries}}"
    return f"{name}={_cut(repr(value), 80)}"


# Telling it


class CheckFailed(AssertionError):
    """A failed check under nbgrader's Validate; its traceback is the report."""

    def __init__(self, report: Report):
        super().__init__(report.text)
        self.report = report

    def _render_traceback_(self):
        return self.report.text.splitlines()


class Report:
    """What a check says: as text and as HTML.

    Attributes:
        earned: points, a plain number.
        passed: every case passed.
        diagnosis: the Misunderstanding that explains the results, or None.
        verdicts: one for each case.
        text: the whole report as plain text.
    """

    def __init__(self, task: Task, cases, verdicts, diagnosis, points, seed):
        self.task, self.cases, self.verdicts = task, cases, verdicts
        self.diagnosis, self.points, self.seed = diagnosis, points, seed
        good = sum(verdict.kind == "passed" for verdict in verdicts)
        self.passed = good == len(verdicts)
        share = points if self.passed else int(100 * points * good / len(verdicts)) / 100
        self.earned = int(share) if share == int(share) else float(share)
        self.good = good

    @property
    def failure(self) -> int | None:
        """The index of the first case that failed."""
        kinds = [verdict.kind != "passed" for verdict in self.verdicts]
        return kinds.index(True) if any(kinds) else None

    @property
    def headline(self) -> str:
        name, count = self.task.name, len(self.cases)
        which = "visible" if self.seed is None else "hidden"
        points = f"{self.earned:g} of {self.points:g} point{'s' * (self.points != 1)}"
        if self.verdicts[0].kind == "not attempted":
            return f"{name}: not attempted yet ({points})"
        of = "" if self.seed is None else f" (seed {self.seed})"
        if self.passed and self.seed is None:
            return (
                f"{name}: all {count} visible cases pass, {points}. "
                "Public checks passed: hidden ones remain."
            )
        cases = f"all {count}" if self.passed else f"{self.good} of {count}"
        return f"{name}: {cases} {which} cases pass{of}, {points}."

    def _lines(self) -> list[tuple[str, str]]:
        """What is said under the headline: pairs of the kind of line and its text."""
        first = self.failure
        if first is None or self.verdicts[0].kind == "not attempted":
            return []
        verdict, said = self.verdicts[first], []
        case_text = self.task.describe(self.cases[first])
        said.append(("case", f"Case {first + 1}: {case_text}: {verdict.says}"))
        if self.seed is None:
            said += [("values", line) for line in self._small_arguments(self.cases[first])]
        if verdict.detail:
            said.append(("code", verdict.detail))
        if verdict.printed.strip():
            said.append(("printed", f"Your function printed:\n{verdict.printed.rstrip()}"))
        if self.diagnosis:
            exactly = f"Your result is exactly what {self.diagnosis.name} gives."
            said.append(("diagnosis", f"{exactly} {self.diagnosis.says}"))
        others = [
            f"case {index + 1} ({self.verdicts[index].kind})"
            for index in range(first + 1, len(self.cases))
            if self.verdicts[index].kind != "passed"
        ]
        if others:
            said.append(("others", f"Also failing: {', '.join(others)}."))
        return said

    def _small_arguments(self, one: Case) -> list[str]:
        """The values of a case that is small enough to check on paper."""
        arrays = {
            name: value
            for place, name in self.task._names(one).items()
            if isinstance(value := {**dict(enumerate(one.args)), **one.kwargs}[place], np.ndarray)
        }
        if sum(array.size for array in arrays.values()) > 24:
            return []
        return [f"{name} = {array.tolist()}" for name, array in arrays.items()]

    @property
    def section(self) -> str:
        return self.diagnosis.section if self.diagnosis else self.task.section

    @property
    def text(self) -> str:
        lines = [self.headline]
        for _, text in self._lines():
            lines += ["  " + line for line in _printable(text).splitlines()]
        if not self.passed:
            lines.append(f'  Lecture, "{self.section}": {self.task.link(self.section)}')
        return "\n".join(lines)

    @property
    def html(self) -> str:
        mark = "✓" if self.passed else "✗"
        parts = [f"<p style='margin: 0'><b>{mark} {html.escape(self.headline)}</b></p>"]
        for kind, text in self._lines():
            escaped = html.escape(_printable(text))
            if kind in ("code", "printed", "values"):
                style = "margin: .3em 0; white-space: pre-wrap; background: none; color: inherit"
                parts.append(f"<pre style='{style}'>{escaped}</pre>")
            else:
                bold = "font-weight: bold" if kind == "diagnosis" else ""
                parts.append(f"<p style='margin: .3em 0; {bold}'>{escaped}</p>")
            if kind == "case":
                parts.append(self._pictures())
        if not self.passed:
            href = html.escape(self.task.link(self.section), quote=True)
            title = html.escape(self.section)
            parts.append(f"<p style='margin: .3em 0'>Lecture: <a href=\"{href}\">{title}</a></p>")
        colour = "#009e73" if self.passed else "#d55e00"
        border = f"{'solid' if self.passed else 'double'} {colour}"
        return (
            f"<div style='border-left: 6px {border}; padding: .2em .8em; color: inherit'>"
            f"{''.join(parts)}</div>"
        )

    def _pictures(self) -> str:
        """Heat maps of the slice with the first difference; of a hidden case, none."""
        verdict = self.verdicts[self.failure]
        if self.seed is not None or verdict.got is None or verdict.expected is None:
            return ""
        panels = _panels(verdict)
        return (
            "<div style='display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start'>"
            + "".join(
                f"<figure style='margin: .3em 0'><figcaption>{html.escape(title)}</figcaption>"
                f"{svg}</figure>"
                for title, svg in panels
            )
            + "</div>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text, "text/html": self.html}

    def __repr__(self):
        return self.text


def _panels(verdict: Verdict) -> list[tuple[str, str]]:
    """Titled SVG grids of got, expected and, where the shapes agree, their difference."""
    from course.style import svg_grid  # matplotlib is slow to import, and a passed check needs none

    got, expected, first = verdict.got, verdict.expected, verdict.first
    lead = (first or (0,) * expected.ndim)[: max(expected.ndim - 2, 0)]
    corner = (first or (0, 0))[-2:]
    corner = tuple(max(0, place - 5) for place in (0,) * (2 - len(corner)) + corner)
    maps = {"got": got, "expected": expected}
    if got.shape == expected.shape and verdict.kind == "values":
        maps["got - expected"] = got - expected.astype(float)
    grids = {}
    for title, array in maps.items():
        if array.ndim >= 2:
            shift = array.ndim - 2
            if any(index >= size for index, size in zip(lead, array.shape[:shift], strict=False)):
                continue
            index = (*lead, *(0,) * shift)[:shift]
            array, where = array[index], f" {[*index]}" if index else ""
        else:
            array, where = array.reshape(1, -1), ""
        part = array[tuple(slice(start, start + 10) for start in corner)].astype(float)
        if part.size:
            grids[f"{title}{where}"] = np.where(np.isfinite(part), part, np.nan)
    high = max(
        (np.nanmax(np.abs(g), initial=0) for t, g in grids.items() if " - " not in t), default=0
    )
    limits = (-(high or 1), high or 1)
    return [
        (title, svg_grid(grid, title, cell=40, limits=None if " - " in title else limits))
        for title, grid in grids.items()
    ]


def _printable(text: str) -> str:
    """Text without the control characters that would colour or move what follows it."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def _show(report: Report) -> None:
    """Display in a notebook, print elsewhere."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(report)
    else:
        print(report.text)
