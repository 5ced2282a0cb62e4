"""Every exercise, graded with nbgrader: its solution earns all points, the exercise as released 0.

That is what the preflight tries before a class is graded; that it finds what is wrong is tested in
tests/autograder/classroom/test_preflight.py.
"""

import shutil

import pytest
from traitlets.config import Config

from autograder import testing as tiny
from autograder.classroom import grading, preflight
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox)),
    pytest.mark.slow,
]


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("solutions/[0-9]*")))
def test_nbgrader_gives_the_solution_every_point_and_the_release_none(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(preflight, "SEEDS", 1)  # test_answers.py and the benchmarks try others
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "solutions" / name, tmp_path / "solutions" / name)
    config = Config()
    config.Execute.unbounded_memory = True  # our own answers: no bombs in them
    assert preflight.preflight(grading.writer(tmp_path, config=config), name) == []
