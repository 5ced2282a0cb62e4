"""Prints how well the checks judge: wrong answers caught and named, right ones passed, mutants.

    python -m authoring.validity [TOPIC ...] [--sample N]

The answers are those of tests/answers. Of a task they are the functions of right.py and wrong.py,
named by what they do; a wrong one's docstring says which misunderstanding it must be told.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import runpy
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from authoring import behaviour, mutation
from course.checking import Task

ANSWERS = mutation.ROOT / "tests" / "answers"
SEEDS = (1, 2)  # of the hidden cases
# Verdicts that say themselves what is wrong: "the input was modified".
SAID = ("library", "dtype", "modified", "alias", "loop", "memory", "view", "gradient")
MOST_SECONDS = 0.5  # that 95 % of the answers to a task may take; what trains a net takes more


@dataclass
class Verdicts:
    """What the checks say of a task's answers.

    Attributes:
        right: of each right answer, what is wrong with its reports; empty when nothing is.
        caught: of each wrong answer, whether it loses marks.
        told: of each wrong answer, (the misunderstanding it is told, the one it must be told).
        searched: of wrong answers that no misunderstanding fits, what the search has found, or
            the kind of the verdict where its sentence is the diagnosis.
        seconds: of each answer, the CPU time of its visible and one hidden check.
    """

    right: dict[str, str] = field(default_factory=dict)
    caught: dict[str, bool] = field(default_factory=dict)
    told: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    searched: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def named(self) -> int:
        """How many wrong answers get the diagnosis that they must get, or one by the search."""
        listed = sum(got == expected is not None for got, expected in self.told.values())
        return listed + len(self.searched)


def tasks(topic: str) -> Iterator[tuple[object, Path]]:
    """The tasks of a topic that have answers, with their folders."""
    checks = importlib.import_module(f"course.{topic.split('_', 1)[1]}.checks")
    for folder in sorted(path for path in (ANSWERS / topic).glob("*") if path.is_dir()):
        yield getattr(checks, folder.name), folder


def answers(folder: Path) -> Iterator[tuple[str, bool, object, str | None]]:
    """Of each answer to a task: its style, whether it is right, the function, its diagnosis."""
    for kind in ("right", "wrong"):
        for name, function in runpy.run_path(str(folder / f"{kind}.py"), run_name=kind).items():
            if getattr(function, "__module__", None) == kind and name[0] != "_":
                # Not inspect.getdoc: a module without one would inherit that of nn.Module.
                doc = function.__doc__ and inspect.cleandoc(function.__doc__)
                yield name, kind == "right", function, doc


def judge(task: Task, folder: Path) -> Verdicts:
    """Run the visible checks, and the hidden ones of each seed, over all answers of a task."""
    verdicts = Verdicts()
    for style, is_right, function, diagnosis in answers(folder):
        began = time.process_time()
        visible = task.examine(function, 10)
        seeds = SEEDS[:1] if task.by_property else SEEDS  # of a property's nothing is drawn
        if not is_right and visible.earned < 10:
            # It has lost marks already. One that trains a net takes seconds, and no more are spent
            # on it; other tasks run one hidden check anyway, for their time.
            seeds = () if task.by_property else SEEDS[:1]
        hidden = [task.examine(function, 10, seed) for seed in seeds[:1]]
        verdicts.seconds[style] = time.process_time() - began
        hidden += [task.examine(function, 10, seed) for seed in seeds[1:]]
        if is_right:
            failed = [r for r in (visible, *hidden) if r.earned != 10 or r.diagnosis is not None]
            verdicts.right[style] = "\n".join(report.text for report in failed)
        else:
            # Visible and hidden together: each seed of the hidden cases must do.
            verdicts.caught[style] = all(visible.earned + h.earned < 20 for h in hidden)
            report = next((r for r in (visible, *hidden) if not r.passed), visible)
            told = report.diagnosis
            if told is None and report.failure is not None:
                kind = report.verdicts[report.failure].kind
                if kind in SAID:
                    verdicts.searched[style] = kind
            if told is not None and told not in getattr(task, "misunderstandings", ()):
                verdicts.searched[style] = told.name
                told = None
            verdicts.told[style] = told and told.name, diagnosis
    return verdicts


def _most(seconds: Iterable[float]) -> float:
    """What 95 % of them do not exceed."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*", default=mutation.topics())
    parser.add_argument("--sample", type=int, help="so many mutants of each topic; all if not said")
    options = parser.parse_args()
    print(
        f"{'topic':<16}{'right passed':>14}{'wrong caught':>14}{'named':>10}{'mutants killed':>17}"
        f"{'of behaviour':>15}{'told':>8}{'CPU median':>13}{'95 %':>8}"
    )
    good = True
    for topic in options.topics:
        judged = [judge(task, folder) for task, folder in tasks(topic)]
        right = [not problem for verdicts in judged for problem in verdicts.right.values()]
        caught = [found for verdicts in judged for found in verdicts.caught.values()]
        named = sum(verdicts.named for verdicts in judged)
        seconds = [second for verdicts in judged for second in verdicts.seconds.values()]
        score = mutation.run(topic, options.sample)
        mutants = f"{score.killed} of {score.killed + len(score.holes)}"
        defined, survivors, count = mutation.namespace(topic), [], 0
        told = lost = 0
        for task, _ in tasks(topic):
            kept, tried = behaviour.survivors(task, defined[task.name])
            survivors, count = survivors + kept, count + tried
            diagnosed, failed = behaviour.diagnosed_and_failed(task, defined[task.name])
            told, lost = told + diagnosed, lost + failed
        print(
            f"{topic:<16}{f'{sum(right)} of {len(right)}':>14}"
            f"{f'{sum(caught)} of {len(caught)}':>14}{named / len(caught):>10.0%}{mutants:>17}"
            f"{f'{count - len(survivors)} of {count}':>15}{told / max(lost, 1):>8.0%}"
            f"{statistics.median(seconds):>11.2f} s{_most(seconds):>6.2f} s"
        )
        for (task, _), verdicts in zip(tasks(topic), judged, strict=True):
            if (most := _most(verdicts.seconds.values())) > MOST_SECONDS:
                print(f"  {task.name}: 95 % of its answers take up to {most:.2f} s of CPU")
        for name in survivors:
            print(f"  keeps its marks: {name}")
        for task, _ in tasks(topic):
            for what in behaviour.uncovered(task):
                if what.startswith("no case"):
                    print(f"  {task.name}: {what}")
            missing, pairs = behaviour.unmet(task)
            if missing:
                print(
                    f"  {task.name}: {len(missing)} of {pairs} pairs of properties are met by no "
                    f"case: {'; '.join(missing[: behaviour.MOST_PAIRS])} ..."
                )
        good &= all(right) and all(caught) and named >= 0.9 * len(caught)
        good &= not (score.holes or score.unexplained or survivors)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
