"""Makes a topic: the files that every topic has, without a task, ready to be filled.

python -m authoring.topic normalisation [--number 7] [--without lecture | --without exercise]
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat

from authoring import readme
from authoring.cells import code, locked, markdown, notebook

ROOT = Path(__file__).resolve().parent.parent

LECTURE_TITLE = """
# {number}. {title}

**Which question does this lecture answer?**

You will say here what a reader can do afterwards.

You need, named with their links, the lectures before it. Reading and running takes about three minutes. \
Run each cell as you come to it (*Shift + Enter*), and answer the questions *before* you run the next one.
"""
AFTERWARDS = "Afterwards do [the exercise](../exercises/{name}/{name}.ipynb)."
SETUP = """
from course.device import device

device();
"""
SECTION = """
## The first section

**A question, in one line?**

The formula, every letter named. **By hand:** a number small enough to check on paper. Then, each in a cell of its own: code that gives that number;
a picture, or something to move; the torch twin on the reader's device, against the reference (`course.pair.compare`); a question that takes an answer.
"""
QUESTION = """
from course import questions

questions.number(
    "Ask for what the next cell will show.",
    2,
    wrong={3: "Say what a reader who answers 3 has misunderstood."},
    why="Say why it is 2.",
)
"""
EXERCISE_TITLE = """
# Exercise {number}: {topic}

Say here what the student builds, and what for.
{read}
| | task | points | minutes |
|---|---|---:|---:|
| | together | 0 | 0 |

*The minutes are the authors' estimates, for somebody who has just read the lecture. No student has been timed yet.*

**How to work.** Each task has a cell that says `YOUR CODE HERE`: put your code in place of that line and of the `raise` below it, and run the cell.
Then run the check below it. It says what it tried, what came out, and what should have; run it as often as you like. Stuck for ten minutes? Open a hint.

**How it is marked.** Part of a task's points is earned by the check that you see, the rest by hidden checks of the same kind with other numbers, which run
when your work is graded. A check that passes nine of ten cases gives nine tenths of its points.

**Before you hand in**, choose *Kernel → Restart Kernel and Run All Cells*, then press *Validate*. Its "Success!" speaks of the visible checks alone: the \
hidden ones are not in your copy.
Text, imports and checks are locked: grading puts back the originals. Add as many cells of your own as you like.
"""
READ = "Read the lecture `lectures/{name}.ipynb` first.\n"
MODULES = {
    "__init__": '"""{title}: the question that the lecture answers."""\n',
    "reference": '"""{title} in NumPy, written to be read."""\n',
    "gpu": '"""{title} in torch, on any device: the twins of `reference`."""\n',
}
CHECKS = '''"""What a right answer to the exercise on {topic} is, and what each wrong answer means."""

from __future__ import annotations

LECTURE = "{name}"
'''
TESTS = '''"""The reference is torch's own layer, and its twin is the reference."""

import inspect

from course.{topic} import gpu, reference


def public(module):
    """{{name: function}} of what a module defines."""
    found = inspect.getmembers(module, inspect.isfunction)
    return {{name: f for name, f in found if f.__module__ == module.__name__ and name[0] != "_"}}


def test_a_twin_takes_what_its_reference_takes():
    for name, twin in public(gpu).items():
        function = public(reference)[name]
        taken, given = (list(inspect.signature(f).parameters) for f in (twin, function))
        assert taken == given, name
'''


def make(topic: str, number: int | None = None, without: str = "", root: Path = ROOT) -> list[Path]:
    """Write the files of a new topic.

    Args:
        topic: its one name, such as "normalisation".
        number: of its lecture and exercise; the next free one when None.
        without: "lecture" or "exercise" where the topic has none.
        root: the repository.

    Returns:
        The files written.

    Raises:
        ValueError: the name is no lower-case word, or is taken.
    """
    if not re.fullmatch(r"[a-z]+", topic):
        raise ValueError(f"A topic is named by one lower-case word, not {topic!r}.")
    if (root / "course" / topic).exists():
        raise ValueError(f"course/{topic} exists already: choose another name.")
    taken = [int(path.name[:2]) for path in root.glob("[ls]*/[0-9][0-9]_*")]
    number = 1 + max(taken, default=0) if number is None else number
    if number in taken:
        raise ValueError(f"Number {number} is taken: choose another, or none for the next one.")
    name = f"{number:02}_{topic}"
    words = {"topic": topic, "title": topic.capitalize(), "number": number, "name": name}

    files = {f"course/{topic}/{file}.py": text for file, text in MODULES.items()}
    files |= {f"tests/course/{topic}/__init__.py": "", f"tests/course/{topic}/test_pair.py": TESTS}
    if without != "exercise":
        files[f"course/{topic}/checks.py"] = CHECKS
    written = [root / file for file in files]
    for path, text in zip(written, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**words))

    if without != "lecture":
        title = LECTURE_TITLE + (AFTERWARDS if without != "exercise" else "")
        cells = [
            markdown("title", title.format(**words)),
            code("setup", SETUP.format(**words)),
            markdown("first", SECTION),
            code("question", QUESTION),
        ]
        cells[-1].metadata["jupyter"] = {"source_hidden": True}  # it tells the answer
        written.append(root / "lectures" / f"{name}.ipynb")
        nbformat.write(notebook(cells), written[-1])
        readme.write(root)
    if without != "exercise":
        read = READ.format(**words) if without != "lecture" else ""
        title = EXERCISE_TITLE.format(read=read, **words)
        written.append(root / "solutions" / name / f"{name}.ipynb")
        written[-1].parent.mkdir(parents=True)
        nbformat.write(notebook([locked(markdown("title", title))]), written[-1])
    return written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topic")
    parser.add_argument("--number", type=int)
    parser.add_argument("--without", choices=["lecture", "exercise"], default="")
    options = parser.parse_args()
    try:
        written = make(options.topic, options.number, options.without)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
