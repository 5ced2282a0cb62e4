"""Every attack of the corpus against our engine: handed in by one class, graded in one run."""

import os

import harness
import pytest
from distributed import LocalCluster

from autograder import cluster, engine
from autograder.limits import Limits

tiny = harness.tiny
ATTACKS = harness.load()

pytestmark = [
    pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox)),
    pytest.mark.xdist_group("attacks"),
]


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """The course after one run over all attacks, the table's rows, and what must not change."""
    course = tiny.Course(tmp_path_factory.mktemp("attacks")).release()
    where = os.getcwd()
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
    engine.server(()).close()
    os.chdir(where)
    return course, {row.student: row for row in rows}, before == after


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(graded, name, request):
    course, rows, _ = graded
    attack = ATTACKS[name]
    if hasattr(attack, "OPEN"):
        request.applymarker(pytest.mark.xfail(reason=f"open: {attack.OPEN}", strict=True))
    assert harness.outcome(course, name, attack) == []
    assert rows[name].status in getattr(attack, "STATUS", ("graded",)), rows[name]


def test_nobody_else_was_harmed(graded):
    _, rows, unchanged = graded
    assert unchanged
    assert (rows[harness.VICTIM].score, rows[harness.VICTIM].status) == (9, "graded")
    assert all(row.status != "not graded" for row in rows.values())


def test_every_page_is_small(graded):
    course, rows, _ = graded
    for name in rows:
        assert 0 < len(harness.page(course, name)) < 3_000_000, name


def test_the_corpus_is_described():
    assert Limits().output_cell < 3_000_000
    for name, attack in ATTACKS.items():
        assert attack.__doc__.endswith("."), name
