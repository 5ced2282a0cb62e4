"""Nothing lost and nothing stale: what counts as graded, and what stays when grading fails.

The runs themselves are played, so that many of them fit into seconds.
"""

import contextlib
import csv
import datetime
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp

from autograder import testing
from autograder.__main__ import main
from autograder.classroom import grading
from autograder.classroom.table import table
from autograder.gradebook.writer import timestamp
from autograder.internals import READ_FROM
from autograder.sandbox import servers
from autograder.submission import engine, outputs
from autograder.submission import order as orders
from autograder.submission.child import ChildLost
from autograder.submission.job import Malformed
from autograder.submission.restore import restore


def played(order):
    """The outcome of an order whose right answers are known by sight."""
    found = {}
    for name in order.known:
        try:
            notebook = orders._read(order, name)
        except Malformed as problem:
            return orders.refuse(order, "malformed", str(problem))
        restore(notebook, order.known[name])
        right = "a + b" in testing.find(notebook, "add").source
        for cell in filter(engine.is_graded, notebook.cells):
            if not right:
                cell.outputs = [outputs.error("AssertionError", "")]
        orders.note(notebook, orders.Status.GRADED, order.remark)
        found[name] = orders._finished(order, notebook, 0.1)
    return orders.Outcome(order.student, found)


@pytest.fixture
def runs(monkeypatch):
    """Plays the runs; a list of the students whose work was run."""
    ran = []

    def run(child, order):
        ran.append(order.student)
        return played(order)

    monkeypatch.setattr("autograder.submission.child.Child.run", run)
    monkeypatch.setattr(servers, "started", lambda *_: None)
    monkeypatch.setattr(grading, "check_walls", lambda *_: None)
    monkeypatch.setattr("autograder.submission.head_start.begin", lambda *_: None)
    return ran


@pytest.fixture
def course(tmp_path, runs, monkeypatch):
    monkeypatch.chdir(tmp_path)
    course = testing.Course(tmp_path / "course").release()
    course.submit("a", testing.notebook())
    course.submit("b", testing.notebook(testing.WRONG))
    return course


def grade(course, force=False, students=None):
    writer = grading.writer(course.root, force)
    rows = grading.grade(writer, testing.NAME, students, progress=False)
    return {row.student: row for row in rows}


def gradebook(course):
    return course.root / "gradebook.db"


def test_a_restored_gradebook_knows_what_it_has_not_graded(course, runs):
    before = gradebook(course).read_bytes()
    assert grade(course)["a"].score == 9
    gradebook(course).write_bytes(before)
    rows = grade(course)
    assert runs == ["a", "b"] * 2 and (rows["a"].score, rows["b"].score) == (9, 0)


def test_a_removed_result_is_made_again(course, runs):
    grade(course)
    shutil.rmtree(course.root / "autograded" / "a", ignore_errors=True)
    grade(course)
    assert runs == ["a", "b", "a"]


@pytest.mark.parametrize("stamp", [None, b"2001-01-01 10:00:00 UTC", b"no time"])
def test_a_resubmission_is_graded_whatever_its_timestamp(course, runs, stamp):
    course.submit("b", testing.notebook(testing.WRONG), {"timestamp.txt": b"2026-01-01 10:00 UTC"})
    assert grade(course)["b"].score == 0
    files = {"timestamp.txt": stamp} if stamp else {}
    if not stamp:
        (course.root / "submitted" / "b" / testing.NAME / "timestamp.txt").unlink()
    course.submit("b", testing.notebook(), files)
    assert grade(course)["b"].score == 9 and runs == ["a", "b", "b"]


def test_what_cannot_be_graded_keeps_the_old_marks_as_old(course):
    grade(course)
    course.submit("a", b"broken")
    row = grade(course)["a"]
    assert (row.status, row.score, row.old) == ("malformed", 9, True)
    assert "earlier submission" in row.detail and "9 of 10 (old)" in table([row])
    assert course.score("a") == 9 and course.status("a")[0] == "graded"
    assert grade(course)["a"] == row  # dealt with: not tried again and again
    course.submit("a", testing.notebook(testing.WRONG))
    assert (grade(course)["a"].score, course.score("a")) == (0, 0)


def test_a_newer_submission_is_said_to_be_not_graded(course):
    grade(course)
    course.submit("a", testing.notebook(testing.WRONG))
    writer = grading.writer(course.root)
    writer.open(testing.NAME)
    row = writer.status("a")
    assert (row.status, row.score, row.old) == ("not graded", 9, True)
    assert writer.status("b").status == "graded"


def test_force_keeps_results_until_new_ones_are_there(course, monkeypatch):
    grade(course)
    graded = course.root / "autograded" / "a" / testing.NAME / f"{testing.NAME}.ipynb"
    before = graded.read_bytes()

    def refuse(*_):
        raise grading.GradingError("a wall is missing")

    monkeypatch.setattr(grading, "check_walls", refuse)
    with pytest.raises(grading.GradingError):
        grade(course, force=True)
    assert graded.read_bytes() == before and course.score("a") == 9


@pytest.mark.parametrize("place", ["Writer._save", "Writer._replace", "Writer._stage"])
def test_a_failure_while_saving_loses_nothing(course, monkeypatch, place):
    grade(course)
    with Gradebook(course.db_url, "tiny") as book:
        mark = book.find_grade("why", testing.NAME, testing.NAME, "a")
        mark.manual_score, mark.needs_manual_grade = 1, False
        book.db.commit()
    course.submit("a", testing.notebook(testing.WRONG))

    def full(*_):
        raise OSError(28, "No space left on device", "autograded")

    with monkeypatch.context() as patch:
        patch.setattr(f"autograder.gradebook.writer.{place}", full)
        with pytest.raises(grading.GradingError, match="No space left on device: autograded"):
            grade(course)
    assert (course.root / "autograded" / "a" / testing.NAME).is_dir()
    row = grade(course)["a"]
    assert (row.status, row.score, row.old) == ("graded", 1, False)
    assert course.scores("a")["why"] == (None, True)


def test_a_child_that_breaks_a_limit_costs_its_own_student(course, monkeypatch):
    def run(child, order):
        if order.student == "a":
            raise ChildLost("it took too long", limit="it took too long")
        return played(order)

    monkeypatch.setattr("autograder.submission.child.Child.run", run)
    rows = grade(course)
    assert (rows["a"].status, rows["a"].score) == ("malformed", 0)
    assert "it took too long" in rows["a"].detail and rows["b"].status == "graded"


def test_a_child_that_somebody_killed_gets_a_second_try(course, monkeypatch):
    tries = []

    def run(child, order):
        tries.append(order.student)
        if tries.count(order.student) == 1:
            raise ChildLost("it was killed")
        return played(order)

    monkeypatch.setattr("autograder.submission.child.Child.run", run)
    assert {row.status for row in grade(course).values()} == {"graded"}
    assert sorted(tries) == ["a", "a", "b", "b"]


def test_a_damaged_gradebook(course):
    grade(course)
    gradebook(course).write_bytes(b"SQLite format 3\0" + b"junk" * 1000)
    with pytest.raises(grading.GradingError, match=r"damaged .*backup"):
        grade(course)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written(course):
    course.root.chmod(0o500)
    try:
        with pytest.raises(grading.GradingError, match="make it and its folder writable"):
            grade(course)
    finally:
        course.root.chmod(0o700)
    (course.root / "autograded").mkdir()
    (course.root / "autograded").chmod(0o500)
    try:
        with pytest.raises(grading.GradingError, match="make it writable"):
            grade(course)
    finally:
        (course.root / "autograded").chmod(0o700)


def test_no_such_folder():
    with pytest.raises(grading.GradingError, match="nowhere: No such file"):
        grading.writer("nowhere")


def test_a_missing_notebook_has_a_row_and_a_line_in_both_ways(course):
    folder = course.submit("c", None).parent
    (folder / "sums (1).ipynb").write_bytes(b"{}")
    row = grade(course)["c"]
    assert (row.status, row.score) == ("malformed", 0)
    assert "there is no file sums.ipynb; there is sums (1).ipynb" in row.detail
    ours = exported(course)
    result = course.autograde("c")
    assert result["success"] and "there is no file sums.ipynb" in result["log"]
    assert exported(course) == ours
    line = next(line for line in ours if line["student_id"] == "c")
    assert (line["status"], float(line["score"])) == ("malformed", 0)


def exported(course):
    """The lines of `nbgrader export`, by its own application."""
    with contextlib.chdir(course.root):
        command = ExportApp()
        command.initialize(["--to", "grades.csv"])
        command.start()
    with (course.root / "grades.csv").open() as file:
        return list(csv.DictReader(file))


def test_an_unmarked_answer_is_open_in_table_and_csv(course):
    row = grade(course, students=["a"])["a"]
    assert row.unmarked and "open" in table([row])
    (line,) = [line for line in exported(course) if line["student_id"] == "a"]
    assert (line["to_mark_by_hand"], line["score"]) == ("1", "9.0")


def test_failures_of_nbgraders_command_are_one_line_each(course, monkeypatch):
    def fail(child, order):
        raise RuntimeError("no walls today")

    monkeypatch.setattr("autograder.submission.child.Child.run", fail)
    result = course.autograde()
    assert not result["success"] and "Traceback" not in result["log"]
    lines = [line for line in result["log"].splitlines() if "[ERROR]" in line]
    assert [line.split("] ")[1] for line in lines] == [
        "a: not graded, no walls today",
        "b: not graded, no walls today",
    ]


def below(course, student, *names):
    """A file with folders above it, in a student's folder."""
    path = course.root.joinpath("submitted", student, testing.NAME, *names)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"1")
    return path


def test_a_folder_in_place_of_a_file_is_its_students_row(course):
    (course.root / "source" / testing.NAME / "more").mkdir()
    (course.root / "source" / testing.NAME / "more" / "x").write_text("the instructor's")
    below(course, "c", f"{testing.NAME}.ipynb", "x")
    course.submit("d", testing.notebook())
    below(course, "d", "data.csv", "x")
    course.submit("e", testing.notebook())
    below(course, "e", "more")
    rows = grade(course)
    assert (rows["c"].status, rows["c"].score) == ("malformed", 0)
    assert "in the way of the assignment's own files: sums.ipynb/x" in rows["c"].detail
    for student, name in (("d", "data.csv/x"), ("e", "more")):
        assert (rows[student].status, rows[student].score) == ("graded", 9)
        assert rows[student].detail.endswith(f"own files: {name}")
        place = course.root / "autograded" / student / testing.NAME
        assert (place / "data.csv").read_text() == "1,2,3\n"
        assert (place / "more" / "x").read_text() == "the instructor's"
    assert (rows["a"].score, rows["b"].score) == (9, 0)


def test_files_that_cannot_be_written_are_their_students_row(course):
    place = course.root / "autograded" / "a"
    place.parent.mkdir()
    place.write_bytes(b"no folder")
    rows = grade(course)
    assert (rows["a"].status, rows["b"].status) == ("not graded", "graded")
    assert "its files cannot be written" in rows["a"].detail
    result = course.autograde()
    assert "a: not graded, its files cannot be written" in result["log"]
    assert "Traceback" not in result["log"]


@pytest.mark.parametrize("student", ["lock", "new", "old", "a.old"])
def test_no_students_name_collides_with_the_graders_own(course, student):
    course.submit(student, testing.notebook())
    for _ in range(2):
        rows = grade(course, force=True)
        assert (rows[student].score, rows["a"].score, rows["b"].score) == (9, 9, 0)


def test_a_students_name_with_a_dot_in_front_is_refused(course):
    course.submit(".grading", testing.notebook())
    rows = grade(course)
    assert (
        rows[".grading"].status == "not graded" and "begins with a dot" in rows[".grading"].detail
    )
    assert rows["a"].score == 9


@pytest.mark.parametrize("target", ["/nowhere", testing.NAME])
def test_a_link_in_place_of_the_folder_has_a_row(course, target):
    (course.root / "submitted" / "c").mkdir()
    (course.root / "submitted" / "c" / testing.NAME).symlink_to(target)
    rows = grade(course)
    assert (rows["c"].status, rows["c"].score) == ("malformed", 0)
    assert "the folder itself is a link" in rows["c"].detail and rows["a"].score == 9


def test_names_are_shown_on_one_line(course, capsys):
    names = ["x\nbob  graded  25 of 25", "caf\udce9"]
    for name in names:
        course.submit(name, testing.notebook())
    assert main(["grade", testing.NAME, "--course", str(course.root)]) == 1
    table_of_grade = capsys.readouterr().out
    assert main(["status", testing.NAME, "--course", str(course.root)]) == 0
    for shown in (table_of_grade, capsys.readouterr().out, course.autograde()["log"]):
        assert "x\\nbob  graded  25 of 25" in shown and "caf\\udce9" in shown
        assert not any(line.startswith("bob") for line in shown.splitlines())
    with Gradebook(course.db_url, "tiny") as book:
        book.add_student("y\nbob")
    assert "y\\nbob" in [line["student_id"] for line in exported(course)]


@pytest.mark.parametrize("again", [False, True])
def test_a_student_removed_from_the_gradebook_is_graded_again(course, runs, again):
    grade(course)
    with Gradebook(course.db_url, "tiny") as book:
        book.remove_student("a")
        if again:
            book.add_student("a")
    row = status(course, "a")
    assert (row.status, row.score) == ("not graded", None) and "grade it again" in row.detail
    course.submit("a", b"broken")  # there is nothing older to keep
    row = grade(course)["a"]
    assert (row.status, row.score, row.old) == ("malformed", 0, False)
    assert runs == ["a", "b", "a"] and grade(course)["a"] == row


def test_an_assignment_removed_and_generated_again_is_graded_again(course, runs):
    grade(course)
    with Gradebook(course.db_url, "tiny") as book:
        book.remove_assignment(testing.NAME)
    course.release(again=True)
    assert {row.score for row in grade(course).values()} == {9, 0} and len(runs) == 4


def status(course, student):
    writer = grading.writer(course.root)
    writer.open(testing.NAME)
    return writer.status(student)


def test_the_csv_says_what_the_table_says(course, monkeypatch):
    course.submit("c", None)
    grade(course, students=["a"])
    course.submit("a", testing.notebook(testing.WRONG))
    with Gradebook(course.db_url, "tiny") as book:
        book.add_student("nobody")
        book.add_student("c")

    def fail(child, order):
        raise RuntimeError("no walls today")

    def lines():
        found = {line["student_id"]: line for line in exported(course)}
        assert found["nobody"]["status"] == "nothing handed in"
        for student in ("a", "c"):
            row = status(course, student)
            assert (row.status, row.detail) == (found[student]["status"], found[student]["detail"])
        return found

    line = lines()["a"]
    assert (line["status"], line["score"]) == ("not graded", "9.0")
    assert "handed in anew" in line["detail"] and "earlier submission" in line["detail"]
    with monkeypatch.context() as patch:
        patch.setattr("autograder.submission.child.Child.run", fail)
        grade(course, students=["a"])
    assert lines()["a"]["status"] == "not graded"
    grade(course)
    found = lines()
    assert (found["a"]["status"], found["c"]["status"]) == ("graded", "malformed")


def test_marks_by_hand_are_looked_at_again_where_something_changed(course):
    grade(course)
    with Gradebook(course.db_url, "tiny") as book:
        mark = book.find_grade("why", testing.NAME, testing.NAME, "a")
        mark.manual_score, mark.needs_manual_grade = 1, False
        book.db.commit()
    row = grade(course, force=True)["a"]
    assert (row.score, row.unmarked, row.look_again) == (10, 0, 0)
    course.submit("a", testing.notebook(text="Another answer."))
    row = grade(course)["a"]
    assert (row.score, row.unmarked, row.look_again) == (10, 0, 1)
    assert "look again" in table([row]) and "open" not in table([row])
    (line,) = [line for line in exported(course) if line["student_id"] == "a"]
    assert (line["to_mark_by_hand"], line["to_look_at_again"]) == ("0", "1")


def test_marks_by_hand_and_a_changed_due_date(course):
    """The penalty stays that of the checks, and a new due date is told until --force."""
    lines = "c.AssignLatePenalties.plugin_class = 'autograder.gradebook.late.PerDay'\n"
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + lines)

    def due(day):
        with Gradebook(course.db_url, "tiny") as book:
            when = datetime.datetime(2026, 1, day, 12)
            book.update_or_create_assignment(testing.NAME, duedate=when)

    due(1)
    course.submit("a", testing.notebook(), {"timestamp.txt": b"2026-01-02 13:00:00 UTC"})
    row = grade(course)["a"]
    assert (row.score, row.penalty, row.detail) == (9, pytest.approx(1.8), "")
    assert "-1.8" in table([row])
    with Gradebook(course.db_url, "tiny") as book:
        mark = book.find_grade("why", testing.NAME, testing.NAME, "a")
        mark.manual_score, mark.needs_manual_grade = 1, False
        book.db.commit()
    row = grade(course, force=True)["a"]
    assert (row.score, row.penalty, row.detail) == (10, pytest.approx(1.8), "")
    due(2)
    row = grade(course)["a"]
    assert row.penalty == pytest.approx(1.8)
    assert "0.9 points would be taken off for being late, not 1.8" in row.detail
    row = grade(course, force=True)["a"]
    assert (row.penalty, row.detail) == (pytest.approx(0.9), "")
    due(9)
    assert "0 points would" in grade(course)["a"].detail
    row = grade(course, force=True)["a"]
    assert (row.penalty, row.late, row.detail) == (0, False, "")


def test_feedback_of_older_marks_is_removed(course):
    def feedback():
        assert course.api.generate_feedback(testing.NAME, "b", force=False)["success"]
        page = course.root / "feedback" / "b" / testing.NAME / f"{testing.NAME}.html"
        return page.read_text()

    course.submit("b", testing.notebook(testing.WRONG))
    grade(course)
    assert "0 of 10 points" in feedback()
    course.submit("b", testing.notebook())
    grade(course)
    assert not (course.root / "feedback" / "b" / testing.NAME).exists()
    assert "9 of 10 points" in feedback()


@pytest.mark.parametrize("command", ["status", "preflight", "grade"])
def test_a_damaged_gradebook_is_one_sentence(course, capsys, command):
    gradebook(course).write_bytes(b"SQLite format 3\0" + b"junk" * 1000)
    assert main([command, testing.NAME, "--course", str(course.root)]) == 2
    assert "the gradebook is damaged" in capsys.readouterr().err


def test_a_damaged_gradebook_ends_nbgraders_own_commands_in_one_sentence(course, capsys):
    gradebook(course).write_bytes(b"SQLite format 3\0" + b"junk" * 1000)
    with pytest.raises(sqlalchemy.exc.DatabaseError) as caught:
        exported(course)
    capsys.readouterr()
    sys.excepthook(caught.type, caught.value, caught.tb)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("the gradebook is damaged")


HOLD = """
import time
from nbgrader.preprocessors import NbGraderPreprocessor

class Hold(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        open("holds", "w").close()
        while not os.path.exists("go"):
            time.sleep(0.05)
        return nb, resources

c.Autograde.autograde_preprocessors = [*c.Autograde.autograde_preprocessors, Hold]
"""


@pytest.mark.skipif(bool(testing.needs_sandbox), reason="; ".join(testing.needs_sandbox))
@pytest.mark.parametrize("first, second", [(0, 1), (1, 0)], ids=["nbgrader-ours", "ours-nbgrader"])
def test_two_real_graders(course, first, second):
    """The second one stops with a sentence, the first one goes on to the end."""
    programs = (
        [Path(sys.executable).with_name("nbgrader"), "autograde", testing.NAME],
        [sys.executable, "-m", "autograder", "grade", testing.NAME],
    )
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(HOLD)
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(programs[first], cwd=course.root, **pipes) as process:
        while not (course.root / "holds").exists():
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        done = subprocess.run(programs[second], cwd=course.root, capture_output=True, text=True)
        (course.root / "go").touch()
        said = process.communicate()[1]
    assert done.returncode and "another grading run is at work" in done.stderr, done
    assert "Traceback" not in done.stderr
    assert process.returncode == 0, said
    assert (course.score("a"), course.score("b")) == (9, 0)


@pytest.mark.parametrize(
    "content, expected",
    [
        (b"2026-01-02 10:00:00 UTC", "2026-01-02 10:00:00"),
        (b"2026-01-02 10:00:00.5 +0100\n", None),
        (b"", None),
        (b"the day before", None),
        (b"\xff\xfe", None),
        (b"99999999999999-01-01 00:00:00 UTC", None),
        (b"2026-01-01 00:00:00 99999999999999999999", None),
        (b"0001-01-01 00:00:00 +2300", None),
        (b"Jan1" + b"0" * 60 + b"m", None),
    ],
)
def test_timestamps(content, expected):
    found = timestamp(content)
    assert expected is None or str(found) == expected


def test_a_broken_timestamp_costs_nothing_and_is_told(course):
    course.submit("a", testing.notebook(), {"timestamp.txt": b"\xff no time"})
    row = grade(course, students=["a"])["a"]
    assert (row.status, row.score) == ("graded", 9)
    assert not (course.root / "autograded" / "a" / testing.NAME / "timestamp.txt").exists()


def test_the_writer_takes_little_time_for_each(course, runs):
    for number in range(30):
        course.submit(f"s{number}", testing.notebook())
    started = time.process_time()
    assert len(grade(course)) == 32
    assert (time.process_time() - started) / 32 < 0.15


def test_the_internals_are_those_of_the_versions_installed():
    assert {name: version(name) for name in READ_FROM} == READ_FROM
