"""With nbgrader's own commands the marks come out right, and feedback hides what is hidden."""

import csv
import html
import re

import pytest
from nbconvert.filters import strip_ansi
from nbgrader.utils import is_grade, is_locked

from autograder import demo


def words(page):
    """What a reader sees of some HTML, with blanks as they come squeezed."""
    page = re.sub(r"<style.*?</style>|<script.*?</script>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def hidden_calls(day):
    """The calls of hidden checks, such as checks.conv2d(conv2d, points=3, hidden=1)."""
    solution = day.notebook("solutions")
    calls = [line for cell in solution.cells for line in cell.source.splitlines()]
    calls = [line for line in calls if line.startswith("checks.") and "hidden=" in line]
    assert len(calls) == 7
    return calls


def text_of(output):
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return strip_ansi("\n".join(output.traceback))
    return output.data["text/plain"]


def checked(notebook):
    """The graded code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and is_grade(cell)]


def test_the_solution_earns_everything_the_half_a_part_and_the_untouched_nothing(day):
    assert day.marks["right"].percent == 100
    assert day.marks["right"].maximum == sum(
        cell.metadata.nbgrader.points for cell in day.notebook("solutions").cells if is_grade(cell)
    )
    # Tasks 1 and 3, task 5, which is worth nothing, and half of the written answer.
    assert day.marks["half"].checks == 3 + 6
    assert day.marks["half"].by_hand == 1.5
    assert (day.marks["untouched"].checks, day.marks["untouched"].by_hand) == (0, 0)


def test_the_exercise_as_released_runs_through_and_every_check_says_not_attempted(day):
    notebook = day.notebook(day.autograded, "untouched")
    graded = checked(notebook)
    assert len(graded) == 14
    for cell in graded:
        assert "not attempted yet" in "".join(map(text_of, cell.outputs)), cell.id
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", cell.id


@pytest.mark.parametrize("student", ["right", "half", "untouched"])
def test_nothing_is_written_to_stderr(day, student):
    for cell in day.notebook(day.autograded, student).cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", output.text


@pytest.mark.parametrize("student", ["right", "half", "untouched"])
def test_feedback_shows_every_report_and_mark_but_no_hidden_check(day, student):
    mark = day.marks[student]
    page = words(mark.feedback.read_text())
    for call in hidden_calls(day):
        assert call not in page
    assert "hidden=" not in page

    total = mark.checks + mark.by_hand
    assert f"{total:.4g} of {mark.maximum:.4g} points" in page
    for cell in day.notebook(day.autograded, student).cells:
        if cell.cell_type != "code":
            continue
        visible = re.sub(r"### BEGIN HIDDEN.*### END HIDDEN \w+", "", cell.source, flags=re.DOTALL)
        assert " ".join(visible.split()) in page, cell.id
        for output in cell.outputs:
            if "text/html" in output.get("data", {}):
                assert words(output.data["text/html"]) in page, cell.id
            else:
                assert " ".join(text_of(output).split()) in page, cell.id


def test_feedback_of_the_half_names_hidden_checks_by_what_they_report(day):
    """The comment that stands for a hidden check is on the page, and its report under it."""
    page = words(day.marks["half"].feedback.read_text())
    for cell in checked(day.notebook(day.autograded, "half")):
        if "hidden=" in cell.source:
            comment = cell.source.splitlines()[0]
            report = " ".join(text_of(cell.outputs[0]).split())
            after = page.split(comment)[1]
            assert report[:40] in after[: len(report) + 400], cell.id


def test_a_student_cannot_get_the_hidden_checks_printed_on_the_page(day, curious):
    """The checks run in another process, so the student's cells have nothing of them to print."""
    page, notebook = curious
    printed = [text_of(output) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("Out[" in text or "cross_correlate" in text for text in printed)  # it did print
    assert not [text for text in printed if "hidden=" in text]

    page = words(page)
    assert "hidden=" not in page
    for call in hidden_calls(day):
        assert call not in page
    # The student's own cell is shown as it was handed in.
    assert "checks = None ### BEGIN HIDDEN TESTS" in page


def test_a_changed_check_is_put_back_before_grading(day, curious):
    _, notebook = curious
    originals = {cell.id: cell.source for cell in day.notebook("solutions").cells}
    for cell in checked(notebook):
        assert is_locked(cell) and cell.source == originals[cell.id]


def test_export_writes_the_marks(day):
    demo.nbgrader(day.folder, "export")
    with (day.folder / "grading" / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    for student, mark in day.marks.items():
        assert rows[student]["assignment"] == day.assignment
        assert float(rows[student]["score"]) == mark.checks + mark.by_hand
        assert float(rows[student]["max_score"]) == mark.maximum
