"""Every attack of the corpus against our engine: handed in by one class, graded in one run."""

import json
import os

import nbgrader
import pytest
from filelock import FileLock

from autograder.classroom import grading
from autograder.sandbox import servers
from tests.autograder.attacks import harness, table

tiny = harness.tiny
ATTACKS = harness.load()

pytestmark = [
    pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox)),
    pytest.mark.xdist_group("attacks"),
]


@pytest.fixture(scope="session")
def graded(tmp_path_factory, worker_id):
    """What became of every attack: one run, whichever of the test processes comes first does it."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # which the test processes of one run share
    results = folder / "attacks.json"
    with FileLock(folder / "attacks.lock"):
        if not results.exists():
            where = os.getcwd()
            results.write_text(json.dumps(run_all(tmp_path_factory.mktemp("attacks"))))
            os.chdir(where)
    return json.loads(results.read_text())


def run_all(folder):
    """Grade all attacks as one class for each exercise, and look at what they achieved."""
    found = {"unchanged": True, "rows": {}, "pages": {}, "achieved": {}, "victims": []}
    with harness.Targets() as targets:
        for task in harness.MAXIMUM:
            _run_class(folder / task, task, targets, found)
    servers.server(("course",)).close()
    return found


def _run_class(folder, task, targets, found):
    course = harness.make_course(folder, task)
    harness.hand_in_victim(course, task)
    attacks = {
        name: one
        for name, one in ATTACKS.items()
        if harness.task_of(one) == task and harness.can_be_tried(one)
    }
    for name, attack in attacks.items():
        harness.hand_in(course, name, attack, targets)
    writer = grading.writer(course.root, config=harness.configuration(task, 8))
    grading.grade(writer, tiny.NAME, [harness.VICTIM], progress=False)
    before = harness.fingerprint(course, [harness.VICTIM])
    waiting = [name for name, attack in attacks.items() if hasattr(attack, "WAITS")]
    if waiting:
        patient = grading.writer(course.root, config=harness.configuration(task, 1))
        grading.grade(patient, tiny.NAME, waiting, workers=len(waiting), progress=False)
    rows = grading.grade(writer, tiny.NAME, workers=3, progress=False)
    found["unchanged"] &= before == harness.fingerprint(course, [harness.VICTIM])
    course.api.generate_feedback(tiny.NAME)
    for row in rows:
        if row.student == harness.VICTIM:
            found["victims"].append([row.status, row.score, harness.MAXIMUM[task]])
        else:
            found["rows"][row.student] = [row.status, row.score, row.detail]
    for name, attack in attacks.items():
        found["pages"][name] = len(harness.page(course, name))
        found["achieved"][name] = harness.outcome(course, name, attack)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(graded, name, request):
    attack = ATTACKS[name]
    if not harness.can_be_tried(attack):
        pytest.skip("needs a control group for memory, and none can be made here")
    if hasattr(attack, "OPEN"):
        request.applymarker(pytest.mark.xfail(reason=f"open: {attack.OPEN}", strict=True))
    assert graded["achieved"][name] == []
    status, _, detail = graded["rows"][name]
    assert status in getattr(attack, "STATUS", ("graded",)), detail


def test_nobody_else_was_harmed(graded):
    assert graded["unchanged"]
    for status, score, maximum in graded["victims"]:
        assert (status, score) == ("graded", maximum)
    assert "not graded" not in {status for status, _, _ in graded["rows"].values()}


def test_every_page_is_small(graded):
    assert all(0 < length < 3_000_000 for length in graded["pages"].values()), graded["pages"]


def test_the_corpus_is_described():
    for name, attack in ATTACKS.items():
        assert attack.__doc__.endswith("."), name


def test_every_attack_was_tried_against_stock_nbgrader():
    record = json.loads(table.RECORD.read_text())
    assert record["nbgrader"] == nbgrader.__version__
    assert set(record["achieved"]) == {n for n, one in ATTACKS.items() if not table.untried(one)}
