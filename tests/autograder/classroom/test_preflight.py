"""An assignment is tried before a class is graded with it."""

import pytest

from autograder import testing as tiny
from autograder.classroom.preflight import preflight

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))


def source(after=()):
    nb = tiny.notebook(f"### BEGIN SOLUTION\n{tiny.RIGHT}\n### END SOLUTION")
    nb.cells += after
    return nb


def test_a_sound_assignment_passes_and_the_gradebook_is_not_touched(tmp_path):
    course = tiny.Course(tmp_path, source=source())
    assert preflight(course.root, tiny.NAME) == []
    assert not (tmp_path / "gradebook.db").exists() and not (tmp_path / "submitted").exists()


def test_each_unsound_cell_is_named_with_its_reason(tmp_path):
    cells = [
        tiny.cell("wrong-check", "assert add(1, 1) == 3, 'not three'", grade=True, points=2),
        tiny.cell("gift", "1 + 1", grade=True, points=2),
        tiny.cell("sound", "assert add(2, 3) == 5", grade=True, points=1),
    ]
    course = tiny.Course(tmp_path, source=source(cells))
    found = {finding.cell: finding for finding in preflight(course.root, tiny.NAME)}
    assert set(found) == {"wrong-check", "gift"}
    assert "not three" in found["wrong-check"].reason
    assert found["wrong-check"].points == "0 points instead of 2"
    assert "as released" in found["gift"].advice
