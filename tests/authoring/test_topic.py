"""A topic and a task made of nothing pass what every topic and task must pass."""

import shutil
import subprocess
import sys

import nbformat
import pytest

from authoring import readme, task, topic


@pytest.fixture
def course(tmp_path, root):
    """A repository with one lecture and its exercise."""
    for file in ["README.md", "lectures/01_convolution.ipynb", "solutions/01_convolution"]:
        target = tmp_path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (root / file).is_dir() else shutil.copy
        copy(root / file, target)
    (tmp_path / "course").mkdir()
    return tmp_path


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_topic_has_the_next_number_and_a_row_in_the_readme(course):
    before = files(course)
    written = topic.make("normalisation", root=course)
    assert {str(path.relative_to(course)) for path in written} == files(course) - before
    row = "| [2 Normalisation](lectures/02_normalisation.ipynb) |"
    assert row in (course / "README.md").read_text()
    assert row in readme.rows(course)
    for path in [course / "lectures", course / "solutions" / "02_normalisation"]:
        notebook = nbformat.read(path / "02_normalisation.ipynb", as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)


@pytest.mark.parametrize(
    ("without", "absent"),
    [("lecture", {"lectures"}), ("exercise", {"solutions", "checks.py"})],
)
def test_a_topic_may_lack_a_lecture_or_an_exercise(course, without, absent):
    written = topic.make("normalisation", without=without, root=course)
    parts = {part for path in written for part in path.relative_to(course).parts}
    assert not parts & absent
    assert parts & ({"lectures", "solutions"} - absent)


@pytest.mark.parametrize(
    ("name", "number", "why"),
    [("Batch norm", None, "one lower-case word"), ("dense", 1, "Number 1 is taken")],
)
def test_a_topic_that_cannot_be_is_refused_in_a_sentence(course, name, number, why):
    with pytest.raises(ValueError, match=why):
        topic.make(name, number, root=course)


def test_a_task_is_added_to_the_exercise_and_to_its_sums(course):
    topic.make("normalisation", root=course)
    task.make("normalisation", "batch_norm", (2, 1), 15, root=course)
    task.make("normalisation", "layer_norm", (1, 1), 10, root=course)
    path = course / "solutions" / "02_normalisation" / "02_normalisation.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    assert (
        "| 2 | [Layer norm](#2.-Layer-norm) | 2 | 10 |\n| | together | 5 | 25 |" in cells[0].source
    )
    graded = [cell.metadata.nbgrader for cell in cells if cell.metadata.nbgrader.grade]
    assert [(cell.grade_id, cell.points) for cell in graded] == [
        ("batch-norm-check", 2),
        ("batch-norm-hidden", 1),
        ("layer-norm-check", 1),
        ("layer-norm-hidden", 1),
    ]
    checks = (course / "course" / "normalisation" / "checks.py").read_text()
    assert checks.count("from course.checking import") == 1
    with pytest.raises(ValueError, match="has the task batch_norm already"):
        task.make("normalisation", "batch_norm", root=course)
    with pytest.raises(ValueError, match="has no exercise"):
        task.make("dense", "linear", root=course)


@pytest.mark.slow
def test_a_topic_that_was_just_made_passes_the_tests_of_all_topics(tmp_path, root):
    git = ["git", "-C", tmp_path]
    listed = subprocess.run(["git", "ls-files"], cwd=root, check=True, capture_output=True)
    for file in listed.stdout.decode().splitlines():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / file, tmp_path / file)
    topic.make("flips", root=tmp_path)
    (name,) = (path.name for path in (tmp_path / "solutions").glob("*_flips"))
    released = ["nbgrader", "generate_assignment", "--no-db", name]
    subprocess.run([sys.executable, "-m", *released], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    tests = ["tests/course/flips", "tests/test_house.py", "tests/test_exercises.py"]
    tests.append("tests/test_notebooks.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", *tests, "-k", "flips or house"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stdout
