"""Mistakes of the interface, made by a machine from a task's right answer and its signature.

A mutant calls the right answer with one argument changed, or changes what it gives: an argument
ignored, taken from another, right only up to some number; a result in another dtype, in a buffer
that is used again; a gradient that is cut; a refusal that is not raised. Each must lose marks, or
`behaviour_equivalent.toml` says why it need not.

What must vary in a task's cases is a table of properties, made from the signature too: a property
that no case has, or that every case has, hides a mistake. `uncovered` lists them.
"""

from __future__ import annotations

import functools
import itertools
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import torch

from authoring import mutation
from checked_call import mapped
from course.checking import Task
from course.checking.judging import WRONG_NUMBERS
from course.checking.properties import both, is_size, properties

EQUIVALENT = Path(__file__).with_name("behaviour_equivalent.toml")
SEEDS = (1, 2, 3)
MOST_PAIRS = 3  # that are printed of each task


@dataclass(frozen=True)
class Behaviour:
    """A mutant of what a function does: its name, and the function."""

    task: str
    what: str
    function: Callable

    @property
    def name(self) -> str:
        return f"{self.task}: {self.what}"


def observed(task: Task) -> dict[str, list]:
    """{parameter: the values that the visible cases and those of the seeds give it}."""
    values = {name: [] for name in task.signature.parameters}
    for seed in (None, *SEEDS):
        for case in task.all_cases(seed):
            for name, value in task.arguments(case).items():
                values[name].append(value)
    return values


def _each(function: Callable, value):
    return tuple(map(function, value)) if type(value) is tuple else function(value)


def mutants(task: Task, right: Callable) -> Iterator[Behaviour]:
    """All mutants of a right answer.

    Args:
        task: a course.checking.Task of a function; a class has none of these mutants.
        right: the answer.
    """
    values = observed(task)

    def calling(change: Callable, result: Callable = lambda r, a: r) -> Callable:
        @functools.wraps(right)
        def mutant(*args, **kwargs):
            bound = task.signature.bind(*args, **kwargs)
            bound.apply_defaults()
            before = dict(bound.arguments)
            return result(right(**change(dict(before))), before)

        return mutant

    def made(what: str, change: Callable = lambda a: a, result: Callable = lambda r, a: r):
        return Behaviour(task.name, what, calling(change, result))

    sizes = [n for n, found in values.items() if all(is_size(v) for v in found if v is not None)]
    sizes = [n for n in sizes if any(v is not None for v in values[n])]
    for name, parameter in task.signature.parameters.items():
        found = values[name]
        default = parameter.default
        if default is not parameter.empty:
            yield made(f"{name} is ignored", lambda a, n=name, d=default: a | {n: d})
        if name in sizes:
            pairs = _has_pairs(found)
            others = [o for o in sizes if o != name and (pairs or not _has_pairs(values[o]))]
            yield from _of_size(made, name, found, others)
        options = {v for v in found if isinstance(v, (bool, str))}
        for option in sorted(options, key=str) if len(options) > 1 else []:
            yield made(f"{name} is always {option!r}", lambda a, n=name, o=option: a | {n: o})
        if any(isinstance(v, np.ndarray) for v in found):
            yield from _of_array(made, name, found, task.torch)
    yield from _of_result(made, task)


def _has_pairs(values: list) -> bool:
    return any(type(value) is tuple for value in values)


def _of_size(made, name: str, found: list, others: list[str]) -> Iterator[Behaviour]:
    def change(formula):
        def changed(a):
            return a if a[name] is None else a | {name: formula(a[name])}

        return changed

    if _has_pairs(found):
        yield made(f"{name} has its axes exchanged", change(lambda v: both(v)[::-1]))
        yield made(f"{name} is taken from its first axis", change(lambda v: both(v)[:1] * 2))
        yield made(f"{name} is taken from its second axis", change(lambda v: both(v)[1:] * 2))
    for most in (1, 2):
        yield made(
            f"{name} is at most {most}", change(lambda v, m=most: _each(lambda n: min(n, m), v))
        )
    for other in others:
        yield made(
            f"{name} is taken from {other}",
            lambda a, o=other: a if a[o] is None or a[name] is None else a | {name: a[o]},
        )
    for step in (1, -1):
        yield made(
            f"{name} is off by {step}", change(lambda v, s=step: _each(lambda n: max(n + s, 0), v))
        )


def _of_array(made, name: str, found: list, is_torch: bool) -> Iterator[Behaviour]:
    def change(formula):
        def changed(a):
            if not isinstance(a[name], (np.ndarray, torch.Tensor)):
                return a
            return a | {name: formula(a[name])}

        return changed

    rank = max(v.ndim for v in found if isinstance(v, np.ndarray))
    for axis in range(rank):
        yield made(f"{name} is flipped along axis {axis}", change(lambda v, x=axis: _flip(v, x)))
    for first, second in itertools.combinations(range(rank), 2):
        yield made(
            f"{name} has axes {first} and {second} exchanged",
            change(lambda v, i=first, j=second: v.swapaxes(i, j)),
        )
    if any(v.dtype.kind == "f" or (v < 0).any() for v in found if isinstance(v, np.ndarray)):
        yield made(f"{name} has its signs left out", change(abs))
        yield made(f"{name} has its negative values cut off", change(lambda v: v * (v > 0)))
    if any(v.dtype.kind == "f" for v in found if isinstance(v, np.ndarray)):
        yield made(f"{name} is cut to integers", change(_cut))
    if not is_torch:
        yield made(f"{name} is read in the order of memory", change(_as_it_lies))
    if is_torch:
        yield made(f"the gradient of {name} is cut", change(lambda v: v.detach()))
        yield made(f"{name} is read through .data", change(lambda v: v.data))


def _flip(value, axis):
    return value.flip(axis) if isinstance(value, torch.Tensor) else np.flip(value, axis)


def _as_it_lies(value):
    """What is read of an array by strides that only one without gaps has."""
    if value.flags.c_contiguous:
        return value
    strides = np.empty(value.shape, value.dtype).strides
    return np.lib.stride_tricks.as_strided(value, strides=strides).copy()


def _cut(value):
    if isinstance(value, torch.Tensor):
        return value.to(torch.int32).to(value.dtype)
    return value.astype("int32").astype(value.dtype)


def _of_result(made, task) -> Iterator[Behaviour]:
    expected = [task.expected(c) for c in task.all_cases() if not c.error]
    if all(isinstance(e, np.ndarray) and e.dtype.kind == "f" for e in expected):
        yield made("the result is cut to integers", result=lambda r, a: _cut(r))
        yield made("the result is of float16", result=lambda r, a: _half(r))
        yield made("the result is written into one buffer", result=_Buffer())
        yield made("the first result comes again", result=_Remembered())
        yield made("the result is added to the one before", result=_Added())
        for name in _places_for_the_result(task):
            yield made(
                f"the result lies in {name} where it fits",
                result=lambda r, a, n=name: _into(r, a[n]),
            )
    if all(type(e) is int for e in expected):
        yield made(
            "the result is computed in int32", result=lambda r, a: int(np.int64(r) << 32) >> 32
        )
        yield made("the result is a float", result=lambda r, a: float(r))
    if task.torch:
        yield made("no gradient is recorded", result=lambda r, a: r.detach())
    if any(case.error for seed in (None, *SEEDS) for case in task.all_cases(seed)):
        right = made("right").function
        for what, instead in [
            ("not raised", lambda problem: None),
            ("returned", lambda problem: problem),
            ("a string", str),
        ]:
            yield Behaviour(task.name, f"the error is {what}", _refusing(right, instead))
        yield Behaviour(task.name, "the error is of another type", _refusing(right, _other_type))


def _places_for_the_result(task: Task) -> list[str]:
    """The array arguments that have the result's shape in some case."""
    return sorted(
        {
            name
            for case in task.all_cases()
            if not case.error
            for name, value in task.arguments(case).items()
            if isinstance(value, np.ndarray) and value.shape == task.expected(case).shape
        }
    )


def _half(result):
    return result.half() if isinstance(result, torch.Tensor) else result.astype("float16")


def _other_type(problem):
    raise OSError(str(problem))


def _refusing(right: Callable, instead: Callable) -> Callable:
    def mutant(*args, **kwargs):
        try:
            return right(*args, **kwargs)
        except Exception as problem:
            return instead(problem)

    return mutant


def _into(result, argument):
    if type(argument) is type(result) and argument.shape == result.shape:
        if isinstance(argument, torch.Tensor):
            return argument.detach().copy_(result.detach())
        argument[...] = result
        return argument
    return result


class _Buffer:
    def __init__(self):
        self.buffers = {}

    def __call__(self, result, arguments):
        key = tuple(result.shape), str(result.dtype)
        buffer = self.buffers.setdefault(key, result)
        if buffer is not result:
            with torch.no_grad():
                buffer[...] = result
        return buffer


class _Remembered:
    def __init__(self):
        self.results = {}

    def __call__(self, result, arguments):
        key = tuple(result.shape), str(result.dtype)
        return mapped(lambda r: r, self.results.setdefault(key, result))


class _Added:
    def __init__(self):
        self.sums = {}

    def __call__(self, result, arguments):
        key = tuple(result.shape), str(result.dtype)
        self.sums[key] = result + self.sums.get(key, 0)
        return self.sums[key] * 1


def mutants_of_module(task: Task, right: type) -> Iterator[Behaviour]:
    """All mutants of a right nn.Module: its modes, its statistics, its state."""

    def changed(what: str, **methods) -> Behaviour:
        return Behaviour(task.name, what, type(right.__name__, (right,), methods))

    def norms(what: str, change: Callable) -> Behaviour:
        def __init__(self, *args, **kwargs):
            super(mutant.function, self).__init__(*args, **kwargs)
            for module in self.modules():
                if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                    change(module)

        mutant = changed(what, __init__=__init__)
        return mutant

    yield changed("eval is ignored", train=lambda self, mode=True: self)
    yield norms("it is in evaluation mode from the start", lambda norm: norm.eval())
    for momentum in (0.0, 0.5, 1.0, None):
        yield norms(
            f"the momentum of its norms is {momentum}",
            lambda norm, m=momentum: setattr(norm, "momentum", m),
        )
    yield norms(
        "its norms keep no statistics",
        lambda norm: norm.__init__(norm.num_features, track_running_stats=False),
    )
    yield norms("the eps of its norms is 0.01", lambda norm: setattr(norm, "eps", 1e-2))
    for scale in ("weight", "bias"):
        yield norms(
            f"the {scale} of its norms is not registered",
            lambda norm, s=scale: (delattr(norm, s), setattr(norm, s, None)),
        )
    for name in _parts(task, right):
        yield changed(f"{name} is not registered", __init__=_hiding(right, name))
        yield changed(f"{name} gets no gradient", __init__=_freezing(right, name))

    def forward(self, x):
        self.kept = right.forward(self, x) + getattr(self, "kept", 0.0)
        return self.kept

    yield changed("the result is added to the one before", forward=forward)
    yield changed("the result is cut off", forward=lambda self, x: right.forward(self, x).detach())
    yield changed("the input is cut off", forward=lambda self, x: right.forward(self, x.detach()))
    first = []

    def shared(self, *args, **kwargs):
        right.__init__(self, *args, **kwargs)
        if first and _shapes(first[0]) == _shapes(self):
            self._modules = first[0]._modules
        first[:] = [self]

    yield changed("instances share their layers", __init__=shared)


def _parts(task: Task, right: type) -> list[str]:
    """The names of the layers of a module, in some visible case."""
    layers = set()

    class Named(right):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            layers.update(name for name, _ in self.named_children())

    task.examine(Named)
    return sorted(layers)


def _shapes(module) -> dict:
    return {name: parameter.shape for name, parameter in module.named_parameters()}


def _hiding(right: type, name: str) -> Callable:
    def __init__(self, *args, **kwargs):
        right.__init__(self, *args, **kwargs)
        if part := self._modules.pop(name, None):
            object.__setattr__(self, name, part)

    return __init__


def _freezing(right: type, name: str) -> Callable:
    def __init__(self, *args, **kwargs):
        right.__init__(self, *args, **kwargs)
        if part := self._modules.get(name):
            part.requires_grad_(False)

    return __init__


def every_mutant(task: Task, right: Callable) -> Iterator[Behaviour]:
    """The mutants of a task; a kernel, and a design judged by what it can do, have none."""
    if task.by_property:
        return iter(())
    if task.prepare:
        return mutants_of_module(task, right) if isinstance(right, type) else iter(())
    return mutants(task, right)


def diagnosed_and_failed(task: Task, right: Callable) -> tuple[int, int]:
    """Of the mutants that lose visible marks: how many are told what is wrong, and how many fail.

    A wrong value is told by a diagnosis; what else is wrong (a dtype, an exception, a gradient, a
    view, something kept between calls) is said by the verdict itself.
    """
    diagnosed = failed = 0
    for mutant in every_mutant(task, right):
        report = task.examine(mutant.function)
        kinds = [verdict.kind for verdict in report.verdicts if verdict.kind != "passed"]
        failed += bool(kinds)
        if kinds:
            diagnosed += kinds[0] not in WRONG_NUMBERS or bool(report.diagnosis)
    return diagnosed, failed


def explained() -> dict[str, str]:
    """{pattern of names of mutants that may keep their marks: why}."""
    return tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}


def survivors(task: Task, right: Callable) -> tuple[list[str], int]:
    """(the mutants that keep full marks and are not explained, how many there are in all)."""
    kept, count, known = [], 0, explained()
    for mutant in every_mutant(task, right):
        count += 1
        passed = all(task.examine(mutant.function, hidden=seed).passed for seed in (None, 1))
        if passed and not any(fnmatchcase(mutant.name, pattern) for pattern in known):
            kept.append(mutant.name)
    return kept, count


# What must vary


def uncovered(task: Task) -> list[str]:
    """Properties that none of a task's cases with a result has, and those that they all have.

    An answer that refuses what has such a property keeps its marks. Those that
    `behaviour_equivalent.toml` explains are left out.
    """
    if task.by_property:
        return []
    every = [
        properties(task.signature, case)
        for seed in (None, *SEEDS)
        for case in task.all_cases(seed)
        if not case.error
    ]
    names = sorted({name for found in every for name in found})
    some = {name: {found.get(name, False) for found in every} for name in names}
    found = [
        f"no case: {name}" if held == {False} else f"every case: {name}"
        for name, held in some.items()
        if len(held) == 1
    ]
    known = explained()
    return [
        what
        for what in found
        if not any(fnmatchcase(f"{task.name}: {what}", pattern) for pattern in known)
    ]


def unmet(task: Task) -> tuple[list[str], int]:
    """(pairs of properties of two arguments that no case has both of, how many pairs there are).

    Both are had by some case alone. That a pair can be had is not known: it is for a reader to say.
    """
    if task.by_property:
        return [], 0
    every = [
        {name for name, has in properties(task.signature, case).items() if has}
        for seed in (None, *SEEDS)
        for case in task.all_cases(seed)
    ]
    pairs = [
        (one, other)
        for one, other in itertools.combinations(sorted(set().union(*every)), 2)
        if one.split()[0] != other.split()[0]
    ]
    missing = [
        f"{one} with {other}" for one, other in pairs if not any({one, other} <= h for h in every)
    ]
    return missing, len(pairs)


def main() -> None:
    import sys

    for topic in sys.argv[1:] or mutation.topics():
        defined = mutation.namespace(topic)
        for name in sorted(mutation.hidden_seeds(topic)):
            task = mutation.task_of(topic, name)
            kept, count = survivors(task, defined[name])
            print(f"{name}: {count - len(kept)} of {count} mutants of behaviour lose marks")
            for what in kept:
                print(f"  keeps its marks: {what}")
            for what in uncovered(task):
                print(f"  {what}")
            missing, pairs = unmet(task)
            print(f"  {len(missing)} of {pairs} pairs of properties are met by no case")
            for what in missing[:MOST_PAIRS]:
                print(f"    {what}")


if __name__ == "__main__":
    main()
