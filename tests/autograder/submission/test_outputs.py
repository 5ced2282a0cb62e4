"""What may stay of a graded notebook's outputs, and the pieces that need no sandbox."""

import pytest
from nbformat.v4 import new_notebook, new_output
from nbgrader import utils

from autograder import testing as tiny
from autograder.sandbox import control_groups
from autograder.submission import outputs
from autograder.submission.job import Status, worst


def graded(*found, points=2):
    cell = tiny.cell("check", "check()", grade=True, points=points)
    cell.outputs = list(found)
    return cell


def result(text):
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


def stream(name, text="careful"):
    return new_output("stream", name=name, text=text)


@pytest.mark.parametrize(
    "text, score",
    [
        ("nan", 0),
        ("-1", 0),
        ("-0.5", 0),
        ("inf", 0),
        ("-inf", 0),
        ("1e9", 0),
        ("2.0001", 0),
        ("np.float64(nan)", 0),
        ("np.float64(1.5)", 1.5),
        ("np.int64(1)", 1),
        ("1.5", 1.5),
        ("2", 2),
        ("0", 0),
        ("", 0),
        ("True", 2),  # not a number: nbgrader's rule, the cell ran and so it passed
    ],
)
def test_a_result_is_a_mark_or_earns_none(text, score):
    cell = graded(result(text))
    problem = outputs.settle_marks(cell)
    assert utils.determine_grade(cell)[0] == score
    assert bool(problem) == outputs.has_error(cell)


def test_two_results_earn_none():
    cell = graded(result("2"), result("1"))
    assert "2 results" in outputs.settle_marks(cell)
    assert utils.determine_grade(cell)[0] == 0


@pytest.mark.parametrize("found", [[result("1.5"), stream("stderr")], [stream("stderr")]])
def test_stderr_costs_nothing(found):
    cell = graded(*found)
    assert outputs.settle_marks(cell) is None
    assert utils.determine_grade(cell)[0] == (1.5 if len(found) == 2 else 2)
    assert "careful" in str(cell.outputs)


def test_an_error_earns_none():
    cell = graded(stream("stdout"), outputs.error("AssertionError", "no"), result("2"))
    outputs.settle_marks(cell)
    assert utils.determine_grade(cell)[0] == 0


def test_a_report_keeps_its_looks():
    page = (
        '<div style="border-left: 3px solid red; padding: 4px"><details><summary>Why</summary>'
        '<pre>x</pre></details><table><tr><td colspan="2">1</td></tr></table></div>'
    )
    cell = graded(new_output("display_data", {"text/html": page, "text/plain": "x"}))
    outputs.settle(new_notebook(cells=[cell]))
    kept = cell.outputs[0].data["text/html"]
    for part in ("border-left:3px solid red", "<details>", "<pre>x</pre>", 'colspan="2"'):
        assert part in kept


def test_the_worst_status_is_shown():
    assert worst(Status.GRADED, Status.TAMPERED) is Status.TAMPERED
    assert worst(Status.DIED, Status.TIMED_OUT) is Status.DIED


def test_groups_of_version_2(tmp_path):
    """The files that a delegated group of cgroup version 2 has, in a folder of ours."""
    own = tmp_path / "user.slice" / "grading"
    own.mkdir(parents=True)
    for folder in (own, own.parent):
        (folder / "cgroup.controllers").write_text("cpu memory pids")
        (folder / "cgroup.procs").write_text("")
        (folder / "cgroup.subtree_control").write_text("")
    found = control_groups.parents(tmp_path, "0::/user.slice/grading\n")
    assert found == {"memory": own, "pids": own}
    assert (own / "cgroup.subtree_control").read_text().startswith("+")
    (own / "cgroup.procs").write_text("123\n")
    assert control_groups.parents(tmp_path, "0::/user.slice/grading\n")["pids"] == own.parent


def test_groups_of_version_1(tmp_path):
    for name in ("memory", "pids"):
        (tmp_path / name / "class").mkdir(parents=True)
    text = "5:pids:/class\n4:memory:/class\n0::/\n"
    found = control_groups.parents(tmp_path, text)
    assert found == {name: tmp_path / name / "class" for name in ("memory", "pids")}


def test_no_groups(tmp_path):
    assert control_groups.parents(tmp_path, "0::/\n") == {}


def test_memory_is_bounded_where_swap_is_not_accounted_for(tmp_path):
    (tmp_path / "memory.max").touch()
    control_groups.Group._limit("memory", tmp_path, 5, 5)
    assert (tmp_path / "memory.max").read_text() == "5"
    assert not (tmp_path / "memory.swap.max").exists()


def test_a_group_that_cannot_be_made_is_tried_twice_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(control_groups, "_to_remove", set())
    nowhere = {"memory": tmp_path / "nowhere"}
    assert control_groups.Group(5, 5, where=nowhere).limited == []
    with pytest.raises(OSError, match=r"no control group bounds .* No such file"):
        control_groups.Group(5, 5, needed=True, where=nowhere)
    with pytest.raises(OSError, match="this process can make none"):
        control_groups.Group(5, 5, needed=True, where={"pids": tmp_path})
    limit, tries = control_groups.Group._limit, []

    def once(*arguments):
        tries.append(arguments)
        if len(tries) == 1:
            raise OSError("busy")
        limit(*arguments)

    monkeypatch.setattr(control_groups.Group, "_limit", staticmethod(once))
    group = control_groups.Group(5, 5, needed=True, where={"memory": tmp_path})
    assert group.limited == ["memory"] and len(tries) == 2


def test_that_memory_is_bounded_is_tried(monkeypatch):
    if "memory" in control_groups.parents():
        assert control_groups.bounds_memory()
    monkeypatch.setattr(control_groups.Group, "_limit", lambda *_: None)
    assert not control_groups.bounds_memory()  # a group is made, and holds nobody


def test_a_group_goes_with_those_that_were_left_in_it(tmp_path):
    """A child of the grader that is killed leaves the groups of its last submissions."""
    (tmp_path / "autograder-child" / "autograder-submission").mkdir(parents=True)
    (tmp_path / "autograder-busy" / "autograder-submission").mkdir(parents=True)
    (tmp_path / "autograder-busy" / "process").touch()  # as the system refuses to remove a group
    control_groups.sweep_old({"memory": tmp_path}, age=-1)
    assert [path.name for path in tmp_path.iterdir()] == ["autograder-busy"]
    control_groups._to_remove.update([tmp_path / "autograder-busy", tmp_path / "gone"])
    control_groups.sweep()
    assert tmp_path / "autograder-busy" in control_groups._to_remove
    (tmp_path / "autograder-busy" / "process").unlink()
    control_groups.sweep()
    assert not list(tmp_path.iterdir())
    assert not {path for path in control_groups._to_remove if path.parent == tmp_path}
