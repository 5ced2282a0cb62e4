"""Changes the solutions in small ways, one at a time: does each change lose marks?

    python -m authoring.mutation [TOPIC ...] [--sample N] [--seed S]

A mutant is a solution with one operator, number, slice, argument, condition or statement changed.
It is killed when the visible and the hidden checks together give it less than full marks. One that
survives is tried on the cases of many more seeds. If it fails there, the checks have a hole. If it
never does, it computes the same as the solution, and `mutation_equivalent.toml` says why.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import functools
import importlib
import io
import multiprocessing
import random
import sys
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_solution
from tqdm import tqdm

from course.checking import Task
from course.checking.variants import edits

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
EQUIVALENT = Path(__file__).with_name("mutation_equivalent.toml")
MORE_SEEDS = range(100, 130)


@dataclass(frozen=True)
class Mutant:
    """One change: in which task, what it was and what it is, and the whole cell's source."""

    topic: str
    task: str
    was: str
    now: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.task}: {self.was} -> {self.now}"


def notebook_cells(topic: str) -> list[nbformat.NotebookNode]:
    return nbformat.read(SOLUTIONS / topic / f"{topic}.ipynb", as_version=4).cells


def namespace(topic: str) -> dict:
    """What the solution notebook defines, its checks not run."""
    defined = {"__name__": topic}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in notebook_cells(topic):
            if cell.cell_type == "code" and not is_grade(cell):
                exec(compile(cell.source, cell.id, "exec"), defined)
    return defined


def hidden_seeds(topic: str) -> dict[str, int]:
    """{task: the seed of its hidden check}."""
    seeds = {}
    for cell in notebook_cells(topic):
        if cell.cell_type == "code" and is_grade(cell):
            call = ast.parse(cell.source).body[-1].value
            for argument in call.keywords:
                if argument.arg == "hidden":
                    seeds[call.func.attr] = ast.literal_eval(argument.value)
    return seeds


def task_of(topic: str, name: str) -> Task:
    """A topic's course.checking.Task."""
    return getattr(importlib.import_module(f"course.{topic.split('_', 1)[1]}.checks"), name)


def mutants(topic: str) -> list[Mutant]:
    """All mutants of a topic's solutions, in the order of the text."""
    found = []
    for cell in notebook_cells(topic):
        if cell.cell_type == "code" and is_solution(cell):
            tree = ast.parse(cell.source)
            task = tree.body[-1].name
            if task_of(topic, task).by_property:
                continue
            for was, now, changed in _changes(tree):
                found.append(Mutant(topic, task, was, now, ast.unparse(changed)))
    return found


def _changes(tree: ast.Module) -> Iterator[tuple[str, str, ast.Module]]:
    """(statement before, statement after, whole tree) for each change of one node."""
    for index, (statement, node) in enumerate(_nodes(tree)):
        for change in edits(node):
            twin = copy.deepcopy(tree)
            other_statement, other = list(_nodes(twin))[index]
            change(other)
            if isinstance(other, ast.stmt) and getattr(other, "deleted", False):
                yield _line(statement), "(deleted)", _without(twin, other)
            else:
                ast.fix_missing_locations(twin)
                if ast.unparse(twin) != ast.unparse(tree):  # (a, a) turned around is no change
                    yield _line(statement), _line(other_statement), twin


def _nodes(tree) -> Iterator[tuple[ast.stmt, ast.AST]]:
    """Each node below a function's statements, with the innermost statement that holds it."""

    def walk(statement, node):
        yield statement, node
        if isinstance(node, ast.Raise):
            return  # what an error says is not checked
        for child in ast.iter_child_nodes(node):
            yield from walk(child if isinstance(child, ast.stmt) else statement, child)

    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                if not (isinstance(statement, ast.Expr) and _is_text(statement.value)):
                    yield from walk(statement, statement)


def _is_text(node) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _line(statement) -> str:
    return ast.unparse(statement).splitlines()[0]


def _without(tree, statement):
    class Remove(ast.NodeTransformer):
        def visit(self, node):
            return ast.Pass() if node is statement else self.generic_visit(node)

    return ast.fix_missing_locations(Remove().visit(tree))


def survives(mutant: Mutant, seeds: Iterable[int | None]) -> bool:
    """Does a mutant get full marks for the hidden cases of all seeds? None is the visible ones."""
    task = task_of(mutant.topic, mutant.task)
    defined = dict(_namespace(mutant.topic))
    try:
        exec(compile(mutant.source, "mutant", "exec"), defined)
    except Exception:
        return False
    # A helper in the same namespace calls the mutant, as in a notebook.
    return all(task.examine(defined[mutant.task], hidden=seed).passed for seed in seeds)


_namespaces: dict[str, dict] = {}


def _namespace(topic: str) -> dict:
    if topic not in _namespaces:
        _namespaces[topic] = namespace(topic)
    return _namespaces[topic]


def fate(mutant: Mutant) -> str:
    """ "killed", "hole" (other cases tell it from the solution) or "equal" (none does)."""
    if not survives(mutant, (None, hidden_seeds(mutant.topic)[mutant.task])):
        return "killed"
    return "equal" if survives(mutant, MORE_SEEDS) else "hole"


def explained() -> dict[str, str]:
    """{name of an equal mutant: why it computes the same}."""
    return tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}


@dataclass(frozen=True)
class Score:
    """How the mutants of a topic ended; `holes` and `unexplained` must be empty."""

    topic: str
    killed: int
    equal: list[Mutant]
    holes: list[Mutant]

    @property
    def unexplained(self) -> list[Mutant]:
        known = explained()
        return [mutant for mutant in self.equal if mutant.name not in known]


def run(topic: str, sample: int | None = None, seed: int = 0, workers: int = 2) -> Score:
    """Try all mutants of a topic, or a random sample of them."""
    every = mutants(topic)
    if sample is not None and sample < len(every):
        every = random.Random(seed).sample(every, sample)
    show = functools.partial(tqdm, total=len(every), desc=topic, disable=None)
    if workers == 1:
        fates = list(show(map(fate, every)))
    else:
        # Not forked: torch's threads do not survive it.
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            fates = list(show(pool.map(fate, every, chunksize=4)))
    ended = {end: [m for m, f in zip(every, fates, strict=True) if f == end] for end in set(fates)}
    return Score(topic, len(ended.get("killed", [])), ended.get("equal", []), ended.get("hole", []))


def topics() -> list[str]:
    return sorted(path.name for path in SOLUTIONS.glob("[0-9]*"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*", default=topics())
    parser.add_argument("--sample", type=int, help="so many mutants of each topic")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    bad = 0
    for topic in options.topics:
        score = run(topic, options.sample, options.seed)
        total = score.killed + len(score.holes)
        print(
            f"{topic}: {score.killed} of {total} mutants killed; {len(score.equal)} more compute "
            f"the same as the solution"
        )
        for title, found in [("survived", score.holes), ("not explained", score.unexplained)]:
            for mutant in found:
                print(f"  {title}: {mutant.name}")
        bad += len(score.holes) + len(score.unexplained)
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
