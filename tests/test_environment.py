"""What is imported is declared, and what is declared is pinned, for pip and for conda alike."""

import contextlib
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from itertools import chain

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.imports import imported

# Who installs what each folder imports. A folder that is not named is a contributor's.
STUDENT, INSTRUCTOR = ["kernels"], ["instructor"]
READERS = {
    "course": STUDENT,
    "checked_call": STUDENT,
    "lectures": STUDENT,
    "solutions": STUDENT,
    "exercises": STUDENT,
    "autograder": INSTRUCTOR,
    "nbgrader_config.py": INSTRUCTOR,
}
CONTRIBUTOR = ["kernels", "instructor", "dev"]
OURS = {"course", "checked_call", "authoring", "autograder", "benchmarks", "tests"}
INSTALLED = packages_distributions()
NOT_IMPORTED = {
    "check-jsonschema": "checks the workflow of GitHub Actions",
    "jupyterlab": "`make lab`",
    "jupytext": "a notebook as a script, to edit it",
    "psycopg": "SQLAlchemy's driver for PostgreSQL",
    "pytest-timeout": "pytest's plugin",
    "pytest-xdist": "pytest's plugin",
    "ruff": "`make lint`",
}


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def direct(project):
    """The packages that pyproject.toml names itself."""
    return declared(project, project["optional-dependencies"])


@pytest.fixture(scope="module")
def pins(root):
    lines = (root / "pins.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def declared(project, extras):
    lines = [project["dependencies"], *(project["optional-dependencies"][name] for name in extras)]
    return [Requirement(line) for line in chain(*lines)]


def names(requirements):
    return {canonicalize_name(requirement.name) for requirement in requirements}


def packages(path, at_once=False):
    """The packages of others that a file imports, by the names under which they are installed."""
    for module in {name.split(".")[0] for name in imported(path, at_once)} - OURS:
        made_by_a_test = "tests" in path.parts and module not in INSTALLED
        if module not in sys.stdlib_module_names and not made_by_a_test:
            yield canonicalize_name(INSTALLED.get(module, [module])[0])


@pytest.fixture(scope="module")
def imports(root):
    """{a folder of the repository, or a file at its top: the packages imported there}"""
    found = {}
    for pattern in ["*.py", "*/**/*.py", "*/**/*.ipynb"]:
        for path in root.glob(pattern):
            folder = path.relative_to(root).parts[0]
            if not folder.startswith(".") and folder != "build":
                found.setdefault(folder, set()).update(packages(path))
    return found


def test_everything_imported_is_declared_for_those_who_import_it(project, imports):
    for folder, packages in imports.items():
        extras = READERS.get(folder, CONTRIBUTOR)
        missing = packages - names(declared(project, extras))
        assert not missing, f"{folder} imports what pyproject.toml does not name"


def test_a_students_set_up_is_tried_with_all_that_its_tests_import(root, project):
    (line,) = re.findall(r"pip install .*pins.txt (.*)", (root / ".ci" / "student").read_text())
    installed = {*line.split(), *names(declared(project, STUDENT))}
    for file in ["conftest.py", "test_notebooks.py"]:
        missing = set(packages(root / "tests" / file, at_once=True)) - installed
        assert not missing, f".ci/student does not install what {file} imports"


def test_everything_declared_is_used(direct, imports):
    assert names(direct) - set().union(*imports.values()) == set(NOT_IMPORTED)


def test_the_workflow_is_one_and_calls_what_ci_calls(root):
    (path,) = (root / ".github" / "workflows").iterdir()
    command = [sys.executable, "-m", "check_jsonschema", str(path)]
    subprocess.run([*command, "--builtin-schema", "vendor.github-workflows"], check=True)
    for job in yaml.safe_load(path.read_text())["jobs"].values():
        script = job["steps"][-1]["run"]
        assert script.startswith(".ci/") and os.access(root / script, os.X_OK)


def test_pre_commit_formats_with_the_pinned_ruff(root, pins):
    ruff, _ = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())["repos"]
    (pinned,) = (pin.specifier for pin in pins if pin.name == "ruff")
    assert f"=={ruff['rev'].removeprefix('v')}" == str(pinned)


def test_a_package_is_declared_once(direct):
    together = [canonicalize_name(requirement.name) for requirement in direct]
    assert len(together) == len(set(together))


def test_pyproject_gives_ranges_and_the_pins_exact_versions_within_them(direct, pins):
    pinned = {canonicalize_name(pin.name): pin for pin in pins if not pin.marker}
    for requirement in direct:
        assert not re.search(r"==[\d.]+(,|$)", str(requirement.specifier)), requirement
        assert {clause.operator for clause in requirement.specifier} & {">=", "=="}, requirement
        (exact,) = pinned[canonicalize_name(requirement.name)].specifier
        assert exact.operator == "==" and exact.version in requirement.specifier, requirement


def test_what_is_installed_is_what_is_pinned(direct, pins):
    wanted = names(direct)
    for pin in pins:
        if canonicalize_name(pin.name) in wanted and not pin.marker:
            assert version(pin.name).split("+")[0] in pin.specifier, pin


def test_conda_installs_the_project_itself_under_the_same_pins(root, project):
    environment = yaml.safe_load((root / "environment.yml").read_text())
    python, pip, through_pip = environment["dependencies"]
    assert pip == "pip"
    # No package is named a second time: the two files that name them are the only source.
    extras = ",".join(sorted(project["optional-dependencies"], reverse=True))
    assert through_pip == {"pip": ["--constraint pins.txt", f"--editable .[{extras}]"]}
    assert (
        re.fullmatch(r"python=(3\.\d+)", python)[1]
        in Requirement(f"python{project['requires-python']}").specifier
    )


def test_the_pins_hold_for_every_package_that_is_installed(direct, pins):
    """A package without a pin could change under a student's feet."""
    needed, seen = [requirement.name for requirement in direct], set()
    while needed:
        name = canonicalize_name(needed.pop())
        try:
            lines = [] if name in seen else requires(name) or []
        except PackageNotFoundError:  # for another platform
            continue
        seen.add(name)
        for requirement in map(Requirement, lines):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed.append(requirement.name)
    assert not seen - {canonicalize_name(pin.name) for pin in pins}


def test_a_student_can_validate_without_an_instructors_packages(root, project):
    """`nbgrader validate` reads nbgrader_config.py, and so imports of autograder."""
    needed, students = [r.name for r in declared(project, [])], set()
    while needed:
        name = canonicalize_name(needed.pop())
        if name not in students:
            students.add(name)
            with contextlib.suppress(PackageNotFoundError):
                needed += [
                    requirement.name
                    for requirement in map(Requirement, requires(name) or [])
                    if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
                ]
    absent = names(declared(project, ["instructor"])) - students
    modules = [m for m, names in INSTALLED.items() if canonicalize_name(names[0]) in absent]
    assert "pyseccomp" in modules and "distributed" in modules
    program = (
        f"import sys\nsys.modules.update(dict.fromkeys({modules}))\n"  # each import of one fails
        "from nbgrader.apps import ValidateApp\n"
        "application = ValidateApp()\n"
        "application.initialize([])\n"
        "assert application.loaded_config_files, 'nbgrader_config.py cannot be loaded'"
    )
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process has no groups")
@pytest.mark.xdist_group("together")
def test_groups_of_tests_stay_together(request):
    """Else what a group shares, such as a graded class, is made anew in each process."""
    assert request.node.nodeid.endswith("@together")
