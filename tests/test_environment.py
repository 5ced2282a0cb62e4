"""pyproject.toml, pins.txt and environment.yml install the same packages in the same versions."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def direct(project):
    """The packages that pyproject.toml names itself."""
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for line in sum(extras, project["dependencies"])]


@pytest.fixture(scope="module")
def pins(root):
    lines = (root / "pins.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_every_direct_dependency_is_pinned_to_the_version_of_the_pins_file(direct, pins):
    pinned = {canonicalize_name(pin.name): str(pin.specifier) for pin in pins if not pin.marker}
    for requirement in direct:
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert pinned[canonicalize_name(requirement.name)] == str(requirement.specifier)


def test_what_is_installed_is_what_is_pinned(direct):
    for requirement in direct:
        assert version(requirement.name).split("+")[0] in requirement.specifier, requirement


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
