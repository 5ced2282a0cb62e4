"""Nobody beside the grader gets in: no open port for a class, TLS for a cluster, equal workers."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from autograder import testing
from autograder.classroom import dask_cluster, grading
from autograder.sandbox import servers
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission import order as orders
from autograder.submission.child import ChildLost
from autograder.submission.job import Job
from autograder.submission.restore import Known

needs_sandbox = pytest.mark.skipif(
    bool(testing.needs_sandbox), reason="; ".join(testing.needs_sandbox)
)

# As another user: connects to every socket with a path that the grader listens on.
KNOCK = """
import os, socket, sys
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)  # whom the sandbox runs as
for path in sys.argv[1:]:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(socket.AF_UNIX, kind) as end:
                end.connect(path)
                print("reached", path)
        except OSError:
            continue
"""


def listening(family):
    """(the ports, the paths of unix sockets) that these processes listen on."""
    numbers = {process.pid for process in family}
    inodes = set()
    for number in numbers:
        try:
            for entry in os.scandir(f"/proc/{number}/fd"):
                target = os.readlink(entry.path)
                if target.startswith("socket:["):
                    inodes.add(target[8:-1])
        except OSError:
            continue
    paths = set()
    for line in open("/proc/net/unix").read().splitlines()[1:]:  # noqa: SIM115
        fields = line.split()
        if len(fields) == 8 and fields[6] in inodes and int(fields[3], 16) & 0x10000:
            paths.add(fields[7])
    ports = set()
    for name in ("tcp", "tcp6"):
        for line in open(f"/proc/net/{name}").read().splitlines()[1:]:  # noqa: SIM115
            fields = line.split()
            if fields[9] in inodes and fields[3] == "0A":
                ports.add(fields[1])
    return ports, paths


@needs_sandbox
@pytest.mark.slow
def test_a_class_opens_no_port_and_no_door_for_another_user(tmp_path):
    course = testing.Course(tmp_path / "course").release()
    for number in range(4):
        course.submit(f"s{number}", testing.notebook(before="import time; time.sleep(0.5)"))
    command = [sys.executable, "-m", "autograder", "grade", testing.NAME, "--course", course.root]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen([*command, "--workers", "2"], **pipes)
    ports, paths = set(), set()
    while process.poll() is None:
        try:
            me = psutil.Process(process.pid)
            more_ports, more_paths = listening([me, *me.children(recursive=True)])
        except psutil.Error:
            continue
        ports |= more_ports
        if more_paths - paths:
            paths |= more_paths
            script = [
                sys.executable,
                "-c",
                KNOCK,
                *sorted(path for path in paths if path[0] == "/"),
            ]
            if os.geteuid() == 0:
                assert not subprocess.run(script, capture_output=True, text=True).stdout
        time.sleep(0.02)
    assert process.returncode == 0, process.stdout.read()
    assert paths, "the fork server's socket was never seen"
    assert not ports
    assert not [path for path in paths if path.startswith("@")]  # anybody can connect to these
    if os.geteuid() != 0:
        pytest.skip("only root can connect as another user; no port and no such socket was open")


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    course = testing.Course(tmp_path / "course").release()
    course.submit("a", testing.notebook())
    return course


def test_a_scheduler_without_tls_is_refused(course):
    writer = grading.writer(course.root)
    with pytest.raises(grading.GradingError, match="has no TLS"):
        grading.grade(writer, testing.NAME, scheduler="tcp://127.0.0.1:8786", progress=False)


def test_a_worker_with_another_version_is_refused(course, monkeypatch):
    """Another version gives other marks, and nothing says so."""
    distributed = pytest.importorskip("distributed")
    real = dask_cluster.version
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as workers:
        monkeypatch.setattr(distributed.Client, "run", lambda *_: {"tcp://there": "another"})
        writer = grading.writer(course.root)
        with pytest.raises(grading.GradingError, match="another version"):
            grading.grade(
                writer,
                testing.NAME,
                scheduler=workers.scheduler_address,
                progress=False,
                insecure=True,
            )
    assert real(("course",)) == real(("course",)) != real(())


@pytest.fixture
def worker(monkeypatch):
    """This process as one that has no children yet."""
    monkeypatch.setattr(dask_cluster, "_children", {})
    monkeypatch.setattr(servers, "started", lambda *_: None)


def test_a_worker_that_joins_later_compares_itself(worker, monkeypatch):
    monkeypatch.setattr("autograder.submission.child.Child.run", lambda _, order: orders.run(order))
    order = orders.Order("a", {}, {}, {}, Job(b"", packages=("course",)))
    assert dask_cluster.carry_out(order, dask_cluster.version(("course",))).student == "a"
    with pytest.raises(RuntimeError, match="another version"):
        dask_cluster.carry_out(order, "of yesterday")


def test_what_breaks_a_limit_on_a_worker_ends_its_child_alone(worker, monkeypatch):
    def fail(child, order):
        raise ChildLost("too long", limit="too long")

    monkeypatch.setattr("autograder.submission.child.Child.run", fail)
    order = orders.Order("a", {}, {}, {"sums": Known()}, Job(b"", packages=("course",)))
    outcome = dask_cluster.carry_out(order, dask_cluster.version(("course",)))
    assert (outcome.status, outcome.detail) == ("malformed", "too long")


def test_a_fault_of_the_sandbox_on_a_worker_is_told_once(course, worker, monkeypatch):
    distributed = pytest.importorskip("distributed")

    def fail(child, order):
        raise SandboxError("the fork server is gone")

    def check(packages, unbounded_memory, where, again):
        if again:
            raise grading.GradingError(f"a wall of the sandbox is missing {where}")

    monkeypatch.setattr("autograder.submission.child.Child.run", fail)
    monkeypatch.setattr(grading, "check_walls", check)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as workers:
        where = {"scheduler": workers.scheduler_address, "insecure": True}
        writer = grading.writer(course.root, force=True)
        with pytest.raises(grading.GradingError, match=r"missing at \S+$"):
            grading.grade(writer, testing.NAME, progress=False, **where)


def test_an_order_that_no_worker_answers_is_a_row(course, monkeypatch):
    """Nobody waits for a worker that hangs: its students are told, and the class ends."""
    distributed = pytest.importorskip("distributed")

    def hang(order, expected):
        time.sleep(1)

    monkeypatch.setattr(dask_cluster, "carry_out", hang)
    monkeypatch.setattr(dask_cluster, "seconds_at_most", lambda order: 0.05)
    monkeypatch.setattr(grading, "check_walls", lambda *_: None)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as workers:
        where = {"scheduler": workers.scheduler_address, "insecure": True}
        writer = grading.writer(course.root, force=True)
        (row,) = grading.grade(writer, testing.NAME, progress=False, **where)
    assert row.status == grading.NOT_GRADED
    assert row.detail.startswith("no worker answered within 0.2 s")
    assert not (course.root / "autograded" / "a").exists()


def test_a_checks_module_of_one_file_is_part_of_the_version(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    seen = set()
    for text in ("LIMIT = 1", "LIMIT = 2"):
        (tmp_path / "own_checks.py").write_text(text)
        dask_cluster.version.cache_clear()
        seen.add(dask_cluster.version(("own_checks",)))
    assert len(seen) == 2


def test_nobody_answers(course, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 0.5)
    writer = grading.writer(course.root)
    with pytest.raises(grading.GradingError, match="no scheduler answers"):
        grading.grade(
            writer, testing.NAME, scheduler="tcp://127.0.0.1:1", progress=False, insecure=True
        )
