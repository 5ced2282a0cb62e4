"""What a submission's bytes do outside the sandbox has limits: each is broken once."""

import dataclasses
import multiprocessing
import os

import pytest

from autograder.sandbox.limits import Limits
from autograder.submission import child
from autograder.submission.job import Job
from autograder.submission.order import Order

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="needs fork, of Linux and macOS"
)
WANTED = Order("a", {}, {}, {"sums": None}, Job(b"", limits=Limits()))


@pytest.fixture
def started(monkeypatch):
    """A child that knows what a test has put in the place of limits and of the work."""
    context = multiprocessing.get_context("fork")
    monkeypatch.setattr(child.head_start, "children", lambda: context)
    made = child.Child()
    yield made
    made.close()


def compute(_):
    while True:
        pass


def test_its_processor_time(started, monkeypatch):
    monkeypatch.setattr(child, "CPU_SECONDS", 0.2)
    monkeypatch.setattr(child.order, "run", compute)
    with pytest.raises(child.ChildLost) as found:
        started.run(WANTED)
    assert "busy for more than 0.2 s" in found.value.limit


def test_its_memory(started, monkeypatch):
    monkeypatch.setattr(child, "MEMORY", 64 * 1024**2)
    monkeypatch.setattr(child.order, "run", lambda _: len(bytes(10**9)))
    with pytest.raises(child.ChildLost) as found:
        started.run(WANTED)
    assert "more memory" in found.value.limit


def test_its_control_group(started, monkeypatch):
    groups = []

    class Group:
        def __init__(self, memory, processes, needed):
            self.memory, self.held = memory, []
            groups.append(self)

        def add(self, process):
            self.held.append(process)

        def close(self):
            self.closed = True

    monkeypatch.setattr(child, "Group", Group)
    monkeypatch.setattr(child.order, "run", lambda _: os.getpid())
    held = started.run(WANTED)
    assert [group.held for group in groups] == [[held]]
    assert groups[0].memory <= 4 * 1024**3
    started.close()
    assert groups[0].closed


def test_a_child_whose_memory_nothing_bounds_takes_no_order(started, monkeypatch):
    def refuse(memory, processes, needed):
        assert needed
        raise OSError("no control group bounds the memory of this submission: no space")

    monkeypatch.setattr(child, "Group", refuse)
    bounded = dataclasses.replace(WANTED, job=Job(b"", bounded=True))
    with pytest.raises(child.ChildLost, match="no control group bounds") as found:
        started.run(bounded)
    assert not found.value.limit and started.process is None
