"""Makes a task: its cells in the topic's exercise, its check, and the two files of its answers.

python -m authoring.task normalisation batch_norm [--points 2 1] [--minutes 15]
"""

from __future__ import annotations

import argparse
import re
import sys
import zlib
from pathlib import Path

import nbformat

from authoring.cells import answer, code, locked, markdown

ROOT = Path(__file__).resolve().parent.parent

TEXT = """
## {index}. {title}
*{total:g} points ({here:g} here, {hidden:g} hidden), {minutes} minutes*

**Why.** What the function is good for.

**What.** What it computes, in a formula whose letters are named.

**On paper.** A number small enough to compute by hand.

<details><summary>Hint: the first step</summary>

What helps, without the answer.

</details>
"""
ANSWER = '''
def {name}(x):
    """Say what it gives.

    Args:
        x: (N, C), any numbers.

    Returns:
        (N, C).

    Example:
        >>> {name}(2.0)
        2.0
    """
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION
'''
CHECK = "checks.{name}({name}, points={here:g})"
HIDDEN = """
# The hidden checks of {name} run when your work is graded.
### BEGIN HIDDEN TESTS
checks.{name}({name}, points={hidden:g}, hidden={seed})
### END HIDDEN TESTS
"""
IMPORTS = "from course.checking import Task, case, mistakes\n"
TASK = '''

def _{name}(x):
    """The right result, by the library: NumPy in and out."""
    return x


def _cases_{name}(draw):
    yield case(draw.normal(2, 3))
    yield case(draw.normal(5, 2))


{name} = Task(
    "{name}",
    _{name},
    cases=_cases_{name},
    lecture=LECTURE,
    section="The first section",
    misunderstandings=mistakes(
        "The first section",
        [
            (
                "twice the input",
                "What the student misunderstood, in one sentence.",
                lambda x: 2 * x,
            ),
        ],
    ),
)
'''
RIGHT = '''"""Right answers to {name}, as different as students write them: at least four."""


def as_in_the_solution(x):
    return x
'''
WRONG = '''"""Wrong answers to {name}, at least ten; a docstring says which misunderstanding it is told."""


def doubled(x):
    """twice the input"""
    return 2 * x


def off_by_one(x):
    return x + 1
'''


def make(
    topic: str,
    name: str,
    points: tuple[float, float] = (2, 1),
    minutes: int = 15,
    root: Path = ROOT,
) -> list[Path]:
    """Add a task to a topic's exercise.

    Args:
        topic: the topic's name, such as "normalisation".
        name: of the function that a student writes.
        points: of the visible and of the hidden checks.
        minutes: that a student takes.
        root: the repository.

    Returns:
        The files written or changed.

    Raises:
        ValueError: the topic has no exercise, or the exercise this task already.
    """
    found = list(root.glob(f"solutions/*_{topic}/*_{topic}.ipynb"))
    if not found:
        raise ValueError(f"{topic} has no exercise: `make topic NAME={topic}` makes one.")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"A task is named as its function is, such as batch_norm, not {name!r}.")
    path = found[0]
    notebook = nbformat.read(path, as_version=4)
    slug = name.replace("_", "-")
    if any(cell.id == f"{slug}-task" for cell in notebook.cells):
        raise ValueError(f"{path.name} has the task {name} already.")

    words = _words(notebook.cells[0].source, topic, name, points, minutes)
    _add_to_table(notebook.cells[0], words)
    if words["index"] == 1:
        imports = f"from course.{topic} import checks"
        notebook.cells.append(locked(code("imports", imports)))
    notebook.cells += [
        locked(markdown(f"{slug}-task", TEXT.format(**words))),
        answer(code(f"{slug}-answer", ANSWER.format(**words))),
        locked(code(f"{slug}-check", CHECK.format(**words)), points[0]),
        locked(code(f"{slug}-hidden", HIDDEN.format(**words)), points[1]),
    ]
    nbformat.write(notebook, path)

    checks = root / "course" / topic / "checks.py"
    source = checks.read_text()
    if "from course.checking import" not in source:
        source = source.replace("\nLECTURE = ", f"\n{IMPORTS}\nLECTURE = ", 1)
    checks.write_text(source + TASK.format(**words))

    folder = root / "tests" / "answers" / path.stem / name
    folder.mkdir(parents=True)
    for file, text in [("right.py", RIGHT), ("wrong.py", WRONG)]:
        (folder / file).write_text(text.format(**words))
    return [path, checks, folder / "right.py", folder / "wrong.py"]


def _rows(title):
    """(number, points, minutes) of each task in the table of an exercise's first cell."""
    return re.findall(r"^\| (\d+) \| .* \| ([\d.]+) \| (\d+) \|$", title, re.MULTILINE)


def _words(title, topic, name, points, minutes):
    """What the templates of a task are filled with."""
    words = {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "index": len(_rows(title)) + 1,
        "here": points[0],
        "hidden": points[1],
        "total": sum(points),
        "minutes": minutes,
        "seed": zlib.crc32(f"{topic}.{name}".encode()) % 9000 + 1000,
    }
    words["anchor"] = f"{words['index']}. {words['title']}".replace(" ", "-")
    return words


def _add_to_table(title, words):
    """Give the task its row in the table of the exercise's first cell, and bring the sums up."""
    rows = _rows(title.source)
    *before, last = title.source.partition("| | together |")
    row = "| {index} | [{title}](#{anchor}) | {total:g} | {minutes} |\n".format(**words)
    total = words["total"] + sum(float(points) for _, points, _ in rows)
    time = words["minutes"] + sum(int(minutes) for *_, minutes in rows)
    last = re.sub(r"^ \S+ \| \S+ \|", f" {total:g} | {time} |", last)
    title.source = f"{before[0]}{row}{before[1]}{last}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topic")
    parser.add_argument("name")
    parser.add_argument("--points", nargs=2, type=float, default=(2, 1), metavar=("HERE", "HIDDEN"))
    parser.add_argument("--minutes", type=int, default=15)
    options = parser.parse_args()
    try:
        written = make(options.topic, options.name, tuple(options.points), options.minutes)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
