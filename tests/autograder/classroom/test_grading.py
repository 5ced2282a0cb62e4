"""Grading a class: the same marks, resumable, and nothing lost whatever is killed."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from distributed import Client

from autograder import __main__ as commands
from autograder import testing as tiny
from autograder.classroom import grading
from autograder.classroom.table import table
from autograder.sandbox import control_groups, servers
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission.job import Status

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))

ANSWERS = {"a": (tiny.RIGHT, 9), "b": (tiny.WRONG, 0), "c": (tiny.HALF, 4.5), "d": (tiny.STUB, 0)}


@pytest.fixture
def course(tmp_path):
    """A course with four submissions."""
    course = tiny.Course(tmp_path / "course").release()
    for name, (answer, _) in ANSWERS.items():
        course.submit(name, tiny.notebook(answer))
    where = os.getcwd()
    yield course
    os.chdir(where)


def grade(course, force=False, students=None, **keywords):
    writer = grading.writer(course.root, force)
    rows = grading.grade(writer, tiny.NAME, students, workers=2, progress=False, **keywords)
    return {row.student: row for row in rows}


def test_a_class(course):
    course.submit("e", b"broken")
    course.submit("f", None)
    course.submit("g", tiny.notebook(before="import os; os._exit(9)"))
    rows = grade(course)
    for name, (_, score) in ANSWERS.items():
        assert (rows[name].status, rows[name].score, rows[name].unmarked) == ("graded", score, 1)
        assert course.score(name) == score
        assert (course.root / "autograded" / name / tiny.NAME / "data.csv").is_file()
    assert [rows[name].status for name in "efg"] == ["malformed", "malformed", "died"]
    assert "there is no file sums.ipynb" in rows["f"].detail
    assert not list((course.root / "autograded").glob(".*"))
    text = table(list(rows.values()))
    assert text.splitlines()[1].startswith(("e", "f")) and "4.5 of 10" in text


def test_a_fork_server_that_stands_already_is_used(course):
    """It is started while the rest is imported: ended and started again it would help nobody."""
    server = servers.server(())
    server.start()
    before = server.process.pid
    assert grade(course, students=["a"])["a"].score == 9
    assert server.process.pid == before


def test_it_grades_nothing_twice(course):
    grade(course, students=["a"])
    first = course.root / "autograded" / "a" / tiny.NAME / f"{tiny.NAME}.ipynb"
    before = first.stat().st_mtime_ns
    rows = grade(course)
    assert first.stat().st_mtime_ns == before
    assert rows["a"].score == 9 and rows["c"].score == 4.5
    grade(course, force=True, students=["a"])
    assert first.stat().st_mtime_ns > before


def test_both_ways_give_the_same_marks(course):
    rows = grade(course)
    marks = {name: course.scores(name) for name in rows}
    assert course.autograde()["success"]
    assert {name: course.scores(name) for name in rows} == marks


def test_a_newer_submission_is_graded(course):
    course.submit("b", tiny.notebook(tiny.WRONG), {"timestamp.txt": b"2026-01-01 10:00:00 UTC"})
    grade(course, students=["b"])
    course.submit("b", tiny.notebook(tiny.RIGHT), {"timestamp.txt": b"2026-01-02 10:00:00 UTC"})
    assert grade(course, students=["b"])["b"].score == 9


def test_a_failure_of_the_sandbox_is_nobodys_mark(course, monkeypatch):
    grade(course, students=["a"])

    def fail(child, order):
        raise SandboxError("no walls today")

    with monkeypatch.context() as patch:
        patch.setattr("autograder.submission.child.Child.run", fail)
        course.submit("a", tiny.notebook(tiny.WRONG))
        rows = grade(course, students=["a", "b"])
    assert rows["a"].status == rows["b"].status == "not graded"
    assert "no walls today" in rows["a"].detail and "earlier submission" in rows["a"].detail
    assert (rows["a"].score, rows["a"].old, rows["b"].score) == (9, True, None)
    assert grade(course)["a"].score == 0


def test_a_missing_wall_refuses(course, monkeypatch):
    grade(course, students=["a"])
    reasons = ["bubblewrap is not installed"]
    monkeypatch.setattr("autograder.sandbox.bubblewrap.missing", lambda: reasons)
    servers.server(("course",)).close(), servers.server(()).close()
    with pytest.raises(grading.GradingError, match=r"bubblewrap is not installed.*doctor"):
        grade(course, force=True)
    assert course.score("a") == 9 and (course.root / "autograded" / "a").exists()
    assert not (course.root / "autograded" / "b").exists()


def test_a_locked_gradebook(course, monkeypatch):
    grade(course, students=["a"])
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", _impatient(sqlite3.connect))
        with pytest.raises(grading.GradingError, match="locked"):
            grade(course)
    other.execute("ROLLBACK")
    other.close()
    assert course.score("a") == 9
    assert grade(course)["c"].score == 4.5


def _impatient(connect):
    def impatient(*arguments, **keywords):
        return connect(*arguments, **{**keywords, "timeout": 0.2})

    return impatient


def test_a_full_disk(course, monkeypatch):
    grade(course, students=["a"])

    def full(*_):
        raise OSError(28, "No space left on device", "autograded")

    with monkeypatch.context() as patch:
        patch.setattr("autograder.gradebook.writer.os.rename", full)
        with pytest.raises(grading.GradingError, match="No space left"):
            grade(course)
    assert course.score("a") == 9
    rows = grade(course)
    assert {name: rows[name].score for name in ANSWERS} == {n: s for n, (_, s) in ANSWERS.items()}


def test_an_unknown_assignment(course):
    writer = grading.writer(course.root)
    with pytest.raises(grading.GradingError, match="generate_assignment"):
        grading.grade(writer, "nothing")


def test_nobody_handed_in(course):
    with pytest.raises(grading.GradingError, match="nothing was handed in by nobody"):
        grade(course, students=["nobody"])


def test_one_writer_at_a_time(course):
    writer = grading.writer(course.root)
    writer.open(tiny.NAME)
    with writer.exclusive(), pytest.raises(grading.GradingError, match="another grading run"):
        grade(course)


@pytest.mark.slow
def test_kill_the_grader_at_any_point(course):
    """-9 at three moments; each time the next run goes on, and all marks are there in the end."""
    slow = "import time; time.sleep(0.4)"
    for number in range(8):
        course.submit(f"n{number}", tiny.notebook(tiny.RIGHT, before=slow))
    command = [sys.executable, "-m", "autograder", "grade", tiny.NAME, "--course", course.root]
    results = "autograded/[!.]*/*/*.ipynb"  # what is being written lies in a folder with a dot
    for enough in (1, 3, 6):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 300
        while len(list(course.root.glob(results))) < enough and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    before = {path: path.stat().st_mtime_ns for path in course.root.glob(results)}
    assert len(before) >= 6
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    for name, (_, score) in ANSWERS.items():
        assert course.score(name) == score
    assert [course.score(f"n{number}") for number in range(8)] == [9] * 8


@pytest.mark.slow
def test_kill_a_worker_and_a_fork_server(course):
    """With processes as workers, as by default: each is killed once while it works."""
    slow = "import time; time.sleep(0.5)"
    for number in range(6):
        course.submit(f"n{number}", tiny.notebook(tiny.RIGHT, before=slow))
    command = [sys.executable, "-m", "autograder", "grade", tiny.NAME, "--course", course.root]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    graded, family = course.root / "autograded", psutil.Process(process.pid)
    for enough, kind in ((1, "--die-with-parent"), (4, "multiprocessing.forkserver")):
        deadline = time.monotonic() + 300
        while len(list(graded.glob("[!.]*"))) < enough and time.monotonic() < deadline:
            time.sleep(0.02)
        victims = [p for p in family.children(recursive=True) if kind in _command(p)]
        victims[-1].kill()
    text = process.communicate()[0]
    assert process.returncode == 0, text
    for number in range(6):
        assert course.score(f"n{number}") == 9, text
    for name, (_, score) in ANSWERS.items():
        assert course.score(name) == score, text


def _command(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ended meanwhile
        return ""


def test_without_a_sandbox_it_must_be_said(course, monkeypatch, capsys):
    monkeypatch.setattr(grading, "_standing", set())  # what other tests have tried
    monkeypatch.setattr("autograder.sandbox.bubblewrap.missing", lambda: ["this is no Linux"])
    assert commands.main(["grade", tiny.NAME, "--course", str(course.root)]) == 2
    assert "this is no Linux" in capsys.readouterr().err
    code = commands.main(
        ["grade", tiny.NAME, "--course", str(course.root), "--students", "a", "--no-sandbox"]
    )
    shown = capsys.readouterr()
    assert code == 0 and "The sandbox is off" in shown.err and "9 of 10" in shown.out


def test_without_a_control_group_it_must_be_said(course, monkeypatch, capsys):
    """Nothing else bounds what all processes of a submission hold together."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("unbounded_memory = True", "timeout = 5"))
    course.config.Execute.unbounded_memory = False
    monkeypatch.setattr(grading, "_standing", set())  # what other tests have tried
    monkeypatch.setattr(control_groups, "parents", lambda *_: {})
    command = ["grade", tiny.NAME, "--course", str(course.root), "--students", "a"]
    assert commands.main(command) == 2
    said = capsys.readouterr().err
    assert "no control group here bounds memory" in said and "--unbounded-memory" in said
    result = course.autograde("a")
    assert not result["success"] and "no control group here bounds memory" in result["log"]
    assert not (course.root / "autograded" / "a").exists()
    assert commands.main([*command, "--unbounded-memory"]) == 0
    assert "9 of 10" in capsys.readouterr().out


def test_the_doctor(capsys):
    """Every wall stands where the tests run, but perhaps the one that only root can lend."""
    bounded = "memory" in control_groups.parents()
    assert commands.main(["doctor"]) == (0 if bounded else 1)
    report = capsys.readouterr().out
    missing = [line for line in report.splitlines() if "MISSING" in line]
    assert len(missing) == (0 if bounded else 1), report
    assert bounded or "--unbounded-memory" in report


def _postgres():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture
def postgres(tmp_path_factory):
    """A PostgreSQL server of our own; root must not run one, so it runs as nobody."""
    programs = _postgres()
    if programs is None:
        pytest.skip("needs PostgreSQL's server programs (apt install postgresql)")
    base = Path("/tmp") / f"autograder-postgres-{os.getpid()}"
    base.mkdir(mode=0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    before = []
    if os.geteuid() == 0:
        os.chown(base, 65534, 65534)
        before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    run = lambda *a: subprocess.run(  # noqa: E731
        [*before, *map(str, a)], check=True, capture_output=True, cwd=base
    )
    data = base / "data"
    run(programs / "initdb", "-D", data, "-U", "grader", "-A", "trust", "--no-sync")
    options = f"-p {port} -k {base} -c listen_addresses=127.0.0.1 -F"
    log = base / "log"
    subprocess.run(
        [*before, programs / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=base,
    )
    try:
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(base)


def test_a_gradebook_in_postgresql(tmp_path, postgres):
    where = os.getcwd()
    course = tiny.Course(tmp_path / "course", db_url=postgres).release()
    for name, (answer, _) in ANSWERS.items():
        course.submit(name, tiny.notebook(answer))
    try:
        rows = grade(course)
    finally:
        os.chdir(where)
    for name, (_, score) in ANSWERS.items():
        assert rows[name].score == score
        assert rows[name].status == str(Status.GRADED)
        assert course.score(name) == score


def test_a_scheduler_elsewhere(course, tmp_path):
    """`--scheduler`, with a scheduler and a worker started as on other machines."""
    address, dask = tmp_path / "scheduler.json", Path(sys.executable).with_name("dask")
    about = ["--scheduler-file", address, "--no-dashboard"]
    started = [
        [dask, "scheduler", "--port", "0", *about],
        [dask, "worker", "--nthreads", "2", "--local-directory", tmp_path / "worker", *about],
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(command, **quiet) for command in started]
    try:
        with Client(scheduler_file=str(address), timeout=600) as client:  # waits for the file
            client.wait_for_workers(1, timeout=600)
            tcp = client.scheduler.address
        command = ["grade", tiny.NAME, "--course", course.root, "--scheduler", tcp]
        command += ["--insecure-scheduler"]
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *command],
            capture_output=True,
            text=True,
        )
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(600)
    assert done.returncode == 0, done.stderr
    assert {name: course.score(name) for name in ANSWERS} == {n: s for n, (_, s) in ANSWERS.items()}
