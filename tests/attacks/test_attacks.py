"""Every attack of the corpus against our engine: handed in by one class, graded in one run."""

import json
import os

import harness
import pytest
from distributed import LocalCluster
from filelock import FileLock

from autograder import cluster, engine

tiny = harness.tiny
ATTACKS = harness.load()

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))


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
    """Grade all attacks as one class, and look at what they achieved."""
    course = tiny.Course(folder).release()
    with (
        harness.Targets() as targets,
        LocalCluster(
            n_workers=1,
            threads_per_worker=3,  # most of the time is waiting for time limits
            processes=False,
            dashboard_address="127.0.0.1:0",
        ) as workers,
    ):
        harness.hand_in_victim(course)
        for name, attack in ATTACKS.items():
            harness.hand_in(course, name, attack, targets)
        config = tiny.Config()
        config.Execute.timeout = 3
        config.Execute.memory = 1024**3
        config.Execute.refused = ["course.device"]
        config.Execute.packages = ["course"]
        writer = cluster.writer(course.root, config=config)
        first = [harness.VICTIM]
        run = {"scheduler": workers.scheduler_address, "progress": False}
        cluster.grade(writer, tiny.NAME, first, **run)
        before = harness.fingerprint(course, first)
        rows = cluster.grade(writer, tiny.NAME, **run)
        after = harness.fingerprint(course, first)
        course.api.generate_feedback(tiny.NAME)
    engine.server(("course",)).close()
    return {
        "unchanged": before == after,
        "rows": {row.student: [row.status, row.score, row.detail] for row in rows},
        "pages": {row.student: len(harness.page(course, row.student)) for row in rows},
        "achieved": {name: harness.outcome(course, name, ATTACKS[name]) for name in ATTACKS},
    }


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(graded, name, request):
    attack = ATTACKS[name]
    if hasattr(attack, "OPEN"):
        request.applymarker(pytest.mark.xfail(reason=f"open: {attack.OPEN}", strict=True))
    assert graded["achieved"][name] == []
    status, _, detail = graded["rows"][name]
    assert status in getattr(attack, "STATUS", ("graded",)), detail


def test_nobody_else_was_harmed(graded):
    assert graded["unchanged"]
    assert graded["rows"][harness.VICTIM][:2] == ["graded", 9]
    assert "not graded" not in {status for status, _, _ in graded["rows"].values()}


def test_every_page_is_small(graded):
    assert all(0 < length < 3_000_000 for length in graded["pages"].values()), graded["pages"]


def test_the_corpus_is_described():
    for name, attack in ATTACKS.items():
        assert attack.__doc__.endswith("."), name
