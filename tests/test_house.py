"""A topic has one name and one shape, and imports go one way."""

import ast
import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from authoring import readme
from tests.imports import imported

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"checking"}  # packages of the course that are no topic
NUMBERED = [*ROOT.glob("lectures/*.ipynb"), *ROOT.glob("solutions/[0-9]*")]
NAMES = sorted({path.stem for path in NUMBERED} - {"00_start"})


def test_every_package_of_the_course_is_a_topic_and_every_number_is_taken_once():
    assert all(re.fullmatch(r"\d\d_[a-z]+", name) for name in NAMES)
    topics = [name.split("_")[1] for name in NAMES]
    packages = {path.parent.name for path in ROOT.glob("course/*/__init__.py")} - SHARED
    assert packages == set(topics)
    assert len({name[:2] for name in NAMES}) == len(topics) == len(set(topics))


@pytest.mark.parametrize("name", NAMES)
def test_a_topic_has_one_name_in_every_row(name):
    """A lecture without an exercise has no row of one, and the other way round."""
    topic = name.split("_")[1]
    package = ROOT / "course" / topic
    assert (ROOT / "tests" / "course" / topic).is_dir()
    assert (package / "reference.py").exists() or not (package / "gpu.py").exists()
    exercise = (ROOT / "solutions" / name / f"{name}.ipynb").exists()
    assert exercise == (ROOT / "solutions" / name).exists()
    for row in [package / "checks.py", ROOT / "exercises" / name / f"{name}.ipynb"]:
        assert row.exists() == exercise, row
    assert exercise or not (ROOT / "tests" / "answers" / name).exists()


@pytest.mark.parametrize("package", ["authoring", "autograder", "benchmarks", "course"])
def test_tests_lie_as_the_code_does(package):
    def folders(top):
        return {path.parent.relative_to(top) for path in top.rglob("*.py")}

    found = folders(ROOT / "tests" / package) - folders(ROOT / package)
    assert {path.parts[0] for path in found} <= {"attacks", "nbgrader"}  # on the whole of grading
    if package == "course":
        tested = {path.name.removeprefix("test_") for path in ROOT.glob("tests/course/test_*.py")}
        assert tested <= {path.name for path in ROOT.glob("course/*.py")}


def test_the_readme_lists_the_lectures_as_they_begin():
    assert readme.TABLE.search((ROOT / "README.md").read_text())[0] == readme.rows(), "make table"


@pytest.mark.parametrize("path", sorted(ROOT.glob("course/*/reference.py")), ids=str)
def test_a_reference_is_numpy_alone(path):
    assert not [name for name in imported(path) if name.split(".")[0] == "torch"]


def functions_and_classes(path):
    nodes = ast.parse(path.read_text()).body
    kinds = ast.FunctionDef | ast.ClassDef
    names = {node.name for node in nodes if isinstance(node, kinds)}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("path", sorted(ROOT.glob("course/*/gpu.py")), ids=str)
def test_what_gpu_holds_is_twins(path):
    """A trailing underscore is torch's for what fills a tensor in place: kaiming_normal_."""
    twins = {name.removesuffix("_") for name in functions_and_classes(path)}
    assert twins <= functions_and_classes(path.with_name("reference.py"))


def _public(body):
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node.body)
        functions = ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, functions) and not node.name.startswith("_"):
            yield node


# What a reader compares with the sum on paper is as bare as an exercise's: course/*/short.py.
@pytest.mark.parametrize("room", ["course", "autograder", "checked_call", "authoring"])
def test_public_functions_say_their_types(room):
    missing = [
        f"{path.relative_to(ROOT)}: {node.name}({each})"
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "short.py"
        for node in _public(ast.parse(path.read_text()).body)
        for each in ["the result"] * (node.returns is None)
        + [
            given.arg
            for given in ast.iter_child_nodes(node.args)
            if isinstance(given, ast.arg)
            and given.annotation is None
            and given.arg not in ("self", "cls")
        ]
    ]
    assert not missing, missing


LONGEST = 60  # a function fits on a screen
ROOMS = ["authoring", "autograder", "benchmarks", "checked_call", "course"]


def lines_of_code(node, lines):
    """How many lines a function has, without its docstring and blank ones."""
    doc = ()
    if ast.get_docstring(node) is not None:
        doc = range(node.body[0].lineno, node.body[0].end_lineno + 1)
    numbers = range(node.lineno, node.end_lineno + 1)
    return sum(1 for n in numbers if n not in doc and lines[n - 1].strip())


@pytest.mark.parametrize(
    "room", ["authoring", "autograder", "benchmarks", "checked_call", "course"]
)
def test_a_function_fits_on_a_screen(room):
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    for path in sorted((ROOT / room).rglob("*.py")):
        text = path.read_text()
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, functions) and node.end_lineno - node.lineno >= LONGEST:
                count = lines_of_code(node, lines)
                assert count <= LONGEST, (
                    f"{path.relative_to(ROOT)}: {node.name} has {count} lines of code, at most "
                    f"{LONGEST} are wanted: give a part that has a name a function of its own"
                )


PICTURE = (ROOT / "docs" / "architecture.dot").read_text()
ARROWS = re.findall(r"^  (\w+) -> (\w+)(?: \[label.*)?$", PICTURE, re.MULTILINE)
KNOWN_EXCEPTIONS = {
    # Published nets are built of the blocks of lecture 5.
    ("course/models.py", "topics"),
}


def room(module):
    """The node of the picture in which a module lies, or None for another project's."""
    top, below, *_ = [*module.split("."), "", ""]
    if top == "course" and (ROOT / "course" / below / "__init__.py").is_file():
        return "checking" if below == "checking" else "topics"
    if top == "autograder":
        inner = {*(a for a, _ in ARROWS), *(b for _, b in ARROWS)}
        return below if below in inner else "commands"
    return top if top in {"course", "checked_call"} else None


def leads_to(start):
    """The rooms that the arrows lead to from here, and here itself."""
    found, new = set(), {start}
    while new:
        found |= new
        new = {b for a, b in ARROWS if a in new} - found
    return found


@pytest.mark.parametrize("package", ["checked_call", "course", "autograder"])
def test_a_room_imports_what_the_arrows_of_the_picture_lead_to(package):
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    for path in modules:
        name = str(path.relative_to(ROOT))
        here = room(name.removesuffix(".py").replace("/", "."))
        for target in {room(module) for module in imported(path)} - {None}:
            allowed = target in leads_to(here) or (name, target) in KNOWN_EXCEPTIONS
            assert allowed, f"{name} imports of {target}"


def test_the_picture_shows_its_source():
    drawn = (ROOT / "docs" / "architecture.svg").read_text()
    edges = re.findall(r"<title>(\w+)(?::\w+)?&#45;&gt;(\w+)(?::\w+)?</title>", drawn)
    assert set(ARROWS) <= set(edges)
    assert len(edges) == PICTURE.count("->")
    words = html.unescape(drawn).replace("\xa0", " ")
    for label in re.findall(r'label="([^"]+)"', PICTURE):
        assert all(line in words for line in label.split("\\n")), label


def test_a_topic_imports_topics_of_smaller_numbers():
    numbers = {name.split("_")[1]: int(name[:2]) for name in NAMES}
    for topic, number in numbers.items():
        modules = (ROOT / "course" / topic).glob("*.py")
        for path in [*modules, *ROOT.glob(f"[ls]*s/**/*_{topic}.ipynb")]:
            for module in imported(path):
                other = module.split(".")[1] if module.startswith("course.") else ""
                assert numbers.get(other, 0) <= number, f"{path} imports {module}"


def test_checks_judge_by_the_library_not_by_our_own_reference():
    for path in ROOT.glob("course/*/checks.py"):
        names = [name for name in imported(path) if name.startswith("course.")]
        assert not [name for name in names if name.endswith((".reference", ".gpu"))], path


def test_checks_are_imported_where_the_pairs_are_refused():
    """As in a student's process: nothing that checks import, near or far, is part of a pair."""
    names = [f"course.{path.parent.name}.checks" for path in ROOT.glob("course/*/checks.py")]
    code = (
        "import importlib, sys; from autograder.sandbox.kernel import Refused;"
        "from autograder.submission.job import Job;"
        "sys.meta_path.insert(0, Refused(Job(b'').refused, '{name} is imported'));"
        f"[importlib.import_module(name) for name in {names}]"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert not done.returncode, done.stderr


def test_tests_and_benchmarks_are_imported_by_their_names():
    for folder in ["tests", "benchmarks"]:
        for path in (ROOT / folder).rglob("*.py"):
            changes = "sys.path" in (text := path.read_text()) and [
                node
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.path"
            ]
            assert not changes, path
    for path in [*(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "authoring").rglob("*.py")]:
        assert not [name for name in imported(path) if name.startswith("tests.")], path
    for path in (ROOT / "tests").rglob("*.py"):
        if measured := {name for name in imported(path) if name.startswith("benchmarks.")}:
            tested = {
                "benchmarks.kernels": "test_cuda.py",
                "benchmarks.operators": "test_operators.py",
            }
            assert {tested.get(name) for name in measured} == {path.name}, path
