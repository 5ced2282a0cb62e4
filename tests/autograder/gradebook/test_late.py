"""A submission that comes late loses what the course's policy says."""

import datetime

import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder import testing as tiny
from autograder.gradebook.late import PerDay

HOUR = 3600


@pytest.mark.parametrize(
    "hours, free_days, penalty",
    [(0.01, 0, 1), (24, 0, 1), (25, 0, 2), (24 * 30, 0, 10), (25, 1, 1), (24, 1, None)],
)
def test_each_day_begun_costs_a_tenth(hours, free_days, penalty):
    policy = PerDay(config=Config({"PerDay": {"free_days": free_days}}))
    found = policy.late_submission_penalty("somebody", 10, hours * HOUR)
    assert found == (None if penalty is None else pytest.approx(penalty))


@pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))
def test_the_gradebook_and_the_feedback_say_what_25_hours_cost(tmp_path):
    course = tiny.Course(tmp_path).release()
    course.config.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"
    due = datetime.datetime(2026, 1, 1, 12)
    with Gradebook(course.db_url, "tiny") as gradebook:
        gradebook.update_or_create_assignment(tiny.NAME, duedate=due)
    for student, hours in {"early": -1, "late": 25}.items():
        path = course.submit(student, tiny.notebook())
        handed_in = due + datetime.timedelta(hours=hours)
        (path.parent / "timestamp.txt").write_text(f"{handed_in:%Y-%m-%d %H:%M:%S} UTC")
    result = course.autograde()
    assert result["success"], result["log"]
    with Gradebook(course.db_url, "tiny") as gradebook:
        late = gradebook.find_submission_notebook(tiny.NAME, tiny.NAME, "late")
        early = gradebook.find_submission_notebook(tiny.NAME, tiny.NAME, "early")
        assert late.late_submission_penalty == pytest.approx(0.2 * 9)  # two days have begun
        assert not early.late_submission_penalty
    assert course.api.generate_feedback(tiny.NAME, "late")["success"]
    page = (tmp_path / "feedback" / "late" / tiny.NAME / f"{tiny.NAME}.html").read_text()
    assert "7.2 of 10 points" in page and "1.8 taken off for being late" in page
