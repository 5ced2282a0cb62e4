"""What costs marks stands in an exercise's text, and what its text says costs marks."""

import inspect
import re

import nbformat
import pytest

from authoring import mutation
from course.checking import Task, case
from course.checking.rules import rules

TASKS = [(topic, name) for topic in mutation.topics() for name in mutation.hidden_seeds(topic)]
BAN = re.compile(r"\b([Tt]orch's|[Tt]he library's) own (convolution|pooling|resizing)")
NO_LOOP = re.compile(r"\bloop (runs )?over (output )?pixels\b")


def cells(topic):
    path = mutation.ROOT / "solutions" / topic / f"{topic}.ipynb"
    return nbformat.read(path, as_version=4).cells


def statement(topic, name):
    """The text of a task: the last one before its solution that is a statement."""
    text = ""
    for cell in cells(topic):
        if cell.cell_type == "markdown" and cell.id.endswith("-task"):
            text = cell.source
        written = re.search(rf"^(def|class) {name}\b", cell.source, re.MULTILINE)
        if written and "### BEGIN SOLUTION" in cell.source:
            return text
    raise LookupError(name)


@pytest.mark.parametrize("topic", mutation.topics())
def test_an_exercise_begins_with_what_costs_marks(topic):
    title = cells(topic)[0].source
    if "Say here what the student builds" in title:
        pytest.skip("it is still to be written")
    tasks = [mutation.task_of(topic, name) for name in mutation.hidden_seeds(topic)]
    assert rules(tasks) in title
    assert title.count("costs marks in every task") == 1


@pytest.mark.parametrize(("topic", "name"), TASKS)
def test_what_a_task_forbids_is_in_its_text_and_nothing_else(topic, name):
    task, text = mutation.task_of(topic, name), statement(topic, name)
    assert bool(task.forbidden) == bool(BAN.search(text))
    assert bool(task.vectorised) == bool(NO_LOOP.search(text))


@pytest.mark.parametrize(("topic", "name"), TASKS)
def test_a_docstring_names_the_errors_and_promises_no_other_dtype(topic, name):
    task = mutation.task_of(topic, name)
    text = inspect.getdoc(mutation.namespace(topic)[name]) or ""
    tried = [c for seed in (None, 1, 2) for c in task.all_cases(seed)]
    for error in {c.error.__name__ for c in tried if c.error}:
        assert f"Raises:\n    {error}: " in text
    if not any(c.error for c in tried):
        assert "Raises:" not in text
    returned = re.search(r"Returns:\n(.*?)(\n\n|$)", text, re.DOTALL)
    if returned and not task.torch:  # NumPy's may be wider
        assert not re.search(r"float(32|64)|same dtype|'s dtype", returned[1])


def test_rules_follow_what_is_checked():
    def task(oracle, *args, **options):
        about = {"lecture": "01_convolution", "section": "Channels"}
        return Task("f", oracle, cases=lambda draw: [case(*args)], **about, **options)

    counting = rules([task(lambda n: n, 3)])
    assert "a float in place of an integer" in counting and "dtype" not in counting
    assert "an argument that your function changes" not in counting
    array = mutation.task_of("03_pooling", "max_pool2d").all_cases()[0].args[0]
    of_array = rules([task(lambda x: x * 2, array)])
    assert "(NumPy's may be wider, floats stay floats)" in of_array
    assert "a view of a larger one" in of_array and "shares its memory" in of_array
    assert "gradients flow" in rules([task(lambda x: x, array, torch=True, differentiable=True)])
    assert "gradients flow" not in rules([task(lambda x: x, array, torch=True)])
