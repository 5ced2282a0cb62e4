"""Prints what wrong answers are told that nobody has tuned the checks to.

    python -m authoring.feedback [TOPIC ...] [--tasks]

They are those of tests/answers, judged without their task's own list of misunderstandings, the
mutants of behaviour, and pairs: two mutants of behaviour at once, or two places of the formula
changed, drawn at random. Printed are shares of those whose visible check fails, by the strongest thing
that is said:

    verdict   it says itself what is wrong: an exception, a dtype, an argument that was changed
    search    a change of the right answer that gives exactly the results
    place     where the wrong numbers are, or what they have in common
    cases     what the cases that fail have and others have not
    nothing   got and expected alone

With --tasks, of each task: what its search has, a formula to change or whole numbers to count.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from authoring import behaviour, mutation, validity
from course.checking import Report, Task
from course.checking.judging import WRONG_NUMBERS
from course.checking.variants import variants, variants_of

PAIRS = 15  # of each sort, for each task
MOST_VARIANTS = 400
KINDS = ("verdict", "search", "place", "cases", "nothing")


def kind_of(report: Report) -> str:
    """The strongest thing that the report of a failed check says."""
    if report.verdicts[report.failure].kind not in WRONG_NUMBERS:
        return "verdict"
    said = {"search": report.diagnosis, "place": report.where, "cases": report.shared}
    return next((kind for kind, words in said.items() if words), "nothing")


def count(task: Task, answers: Iterable[Callable]) -> Counter:
    """How many answers that fail are told what, without the task's list."""
    nameless = copy.copy(task)
    nameless.misunderstandings = ()
    reports = [nameless.examine(answer) for answer in answers]
    return Counter(kind_of(report) for report in reports if not report.passed)


def pairs(task: Task, right: Callable, seed: int = 0) -> Iterator[Callable]:
    """Answers with two mistakes: of behaviour, and in the formula. Each sort may be empty."""
    draw = random.Random(seed)
    singles = [mutant.function for mutant in behaviour.every_mutant(task, right)]
    if isinstance(right, type):
        singles = []  # a module's mutants are classes
    for first in draw.sample(singles, min(PAIRS, len(singles))):
        yield draw.choice([*behaviour.mutants(task, first)]).function
    changed = variants(task.formula) if task.formula and not task.torch else ()
    for first in draw.sample(changed, min(PAIRS, len(changed))):
        if seconds := [*itertools.islice(variants_of(first), MOST_VARIANTS)]:
            yield draw.choice(seconds).function


def searched_by(task: Task) -> str:
    """What a task's search has beside the changes of arguments and results."""
    results = [task.expected(case) for case in task.all_cases() if not case.error]
    parts = [part for r in results for part in (r if isinstance(r, tuple) else (r,))]
    having = [
        "formula" if task.formula else "",
        "counts" if parts and all(type(part) is int for part in parts) else "",
    ]
    return " and ".join(filter(None, having)) or "neither"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*", default=mutation.topics())
    parser.add_argument("--tasks", action="store_true", help="a line for each task, too")
    options = parser.parse_args()
    print(f"{'':<16}{'':<10}{'fail':>6}" + "".join(f"{kind:>9}" for kind in KINDS))
    sums = {"answers": Counter(), "mutants": Counter(), "pairs": Counter()}
    for topic in options.topics:
        defined, of_topic = mutation.namespace(topic), {name: Counter() for name in sums}
        for task, folder in validity.tasks(topic):
            if task.by_property:  # its verdicts are sentences of the task
                continue
            wrong = [f for _, right, f, _ in validity.answers(folder) if not right]
            mutants = [m.function for m in behaviour.every_mutant(task, defined[task.name])]
            found = {
                "answers": count(task, wrong),
                "mutants": count(task, mutants),
                "pairs": count(task, pairs(task, defined[task.name])),
            }
            if options.tasks:
                print(f"{task.name}: {searched_by(task)}")
            for name in sums:
                of_topic[name] += found[name]
                if options.tasks:
                    _print("", name, found[name])
        for name, found in of_topic.items():
            sums[name] += found
            _print(topic, name, found)
    for name, found in sums.items():
        _print("all", name, found)


def _print(topic: str, name: str, found: Counter) -> None:
    shares = "".join(f"{found[kind] / max(found.total(), 1):>9.0%}" for kind in KINDS)
    print(f"{topic:<16}{name:<10}{found.total():>6}{shares}", flush=True)


if __name__ == "__main__":
    main()
