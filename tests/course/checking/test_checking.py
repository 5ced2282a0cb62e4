"""What the check engine says, in which order, and that no answer can harm what runs after it."""

import copy
import json
import random
import re
import time
from pathlib import Path

import numpy as np
import pytest
import torch

import checked_call
from course.checking import CheckFailed, Misunderstanding, Task, by_property, case, clock, refuses
from course.checking import task as task_module
from course.convolution.checks import cross_correlate
from course.convolution.reference import convolve2d


def double(x, times=2):
    return x * times


def cases(draw):
    yield case(draw.normal(2, 3))
    yield case(draw.normal(4, 3), times=3)
    yield case(draw.normal(3, 3, dtype="float32"), times=3)


def task(**changes):
    about = {
        "cases": cases,
        "lecture": "01_convolution",
        "section": "Two signals, one sum",
        "misunderstandings": [
            Misunderstanding("a half", "Double it.", "Channels", lambda x, times: x / times),
            Misunderstanding("the input", "Multiply.", "Channels", lambda x, times: x),
        ],
    }
    return Task("double", double, **(about | changes))


def examined(function, hidden=None, **changes):
    return task(**changes).examine(function, points=3, hidden=hidden)


class Weird:
    """Equal to everything, and to be taken for any array."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __array__(self, dtype=None, copy=None):
        return np.zeros((2, 3))

    def __float__(self):
        return 0.0


class Subclass(np.ndarray):
    def __eq__(self, other):
        return np.True_


class Silent(Exception):
    def __str__(self):
        raise RuntimeError


def spoil_then_return(x, times=2):
    np.seterr(all="raise")
    np.random.seed(0)
    random.seed(0)
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    return x


def raising(error):
    def function(x, times=2):
        raise copy.copy(error)

    return function


def in_place(x, times=2):
    x *= times
    return x.copy()


def printing(x, times=2):
    print("a" * 1_000_000)
    return x * times + 1


VERDICTS = {
    "not attempted": (raising(NotImplementedError()), "not attempted yet"),
    "raised": (raising(KeyError("height")), "raised KeyError: 'height'"),
    "raised, no message": (raising(Silent()), "raised Silent: (its message cannot be shown)"),
    "None": (lambda x, times=2: None, "wrong type: None, expected numpy.ndarray; does the"),
    "string": (lambda x, times=2: "2", "wrong type: str, expected numpy.ndarray"),
    "list": (lambda x, times=2: (x * times).tolist(), "wrong type: list, expected numpy"),
    "generator": (lambda x, times=2: (v for v in x), "wrong type: generator, expected numpy"),
    "weird": (
        lambda x, times=2: Weird(),
        "wrong type: tests.course.checking.test_checking.Weird, expected numpy",
    ),
    "subclass": (lambda x, times=2: x.view(Subclass), "wrong type: Subclass, a subclass of"),
    "tensor": (lambda x, times=2: torch.tensor(x), "wrong type: torch.Tensor, expected numpy"),
    "meta tensor": (
        lambda x, times=2: torch.zeros(2, 3, device="meta"),
        "wrong type: torch.Tensor, expected numpy",
    ),
    "0-d": (lambda x, times=2: np.array(1.0), "wrong shape: got (), expected (2, 3)"),
    "shape": (lambda x, times=2: x[:1] * times, "wrong shape: got (1, 3), expected (2, 3)"),
    "dtype": (lambda x, times=2: (x * times).astype(int), "wrong dtype: got int64, expected float"),
    "objects": (lambda x, times=2: (x * times).astype(object), "wrong dtype: got object, expected"),
    "narrow": (lambda x, times=2: (x * times).astype("float32"), "wrong dtype: got float32"),
    "NaN": (lambda x, times=2: x * np.nan, "not finite: nan at [0, 0], 6 of 6 differ"),
    "modified": (in_place, "the input was modified: x is not what it was before the call"),
    "values": (lambda x, times=2: x * times + 1, "wrong values, first at [0, 0]: got"),
    "print": (printing, "wrong values, first at [0, 0]: got"),
    "no function": (3, "double is no function: got int"),
    "wrong signature": (lambda: 2, "raised TypeError"),
    "exit": (raising(SystemExit(0)), "raised SystemExit: 0"),
    "no message": (raising(AssertionError()), "raised AssertionError"),
    "interrupt": (raising(KeyboardInterrupt()), "raised KeyboardInterrupt"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_each_kind_of_wrong_answer_is_told_in_one_sentence(name, capsys):
    function, says = VERDICTS[name]
    report = examined(function)
    assert not report.passed and report.earned < 3
    assert says in (report.headline if name == "not attempted" else report.text)
    assert len(report.text) < 4000  # a megabyte that was printed does not reach the page
    assert capsys.readouterr() == ("", "")
    assert examined(double).earned == 3  # and the next check still runs


def test_what_comes_first_is_told_first():
    """Wrong type before shape before dtype before values, whatever else is wrong."""

    def modifies_and_is_wrong(x, times=2):
        x += 1
        return (x * times)[:1].astype("float16")

    assert examined(modifies_and_is_wrong).verdicts[0].kind == "shape"

    def modifies_and_has_other_values(x, times=2):
        x += 1
        return x * times

    assert examined(modifies_and_has_other_values).verdicts[0].kind == "modified"
    view = examined(lambda x, times=2: x[...])
    assert [verdict.kind for verdict in view.verdicts] == ["alias"] * 3
    assert "the result shares its memory with x" in view.text


def test_an_error_that_must_be_raised():
    def with_error(draw):
        yield case(draw.normal(2, 3))
        yield refuses(ValueError, draw.normal(2, 3), times=0)

    def careful(x, times=2):
        if times == 0:
            raise ValueError("times must not be 0")
        return x * times

    assert examined(careful, cases=with_error).passed
    lax = examined(double, cases=with_error)
    assert "no error: got numpy.ndarray, expected ValueError" in lax.text
    other = examined(raising(TypeError("no")), cases=with_error)
    assert [v.kind for v in other.verdicts] == ["raised", "raised"]
    always = examined(raising(ValueError("no")), cases=with_error)
    assert [v.kind for v in always.verdicts] == ["raised", "not counted"] and always.earned == 0


def endless(x, times=2):
    while True:
        pass


def endless_and_deaf(x, times=2):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


@pytest.mark.parametrize("function", [endless, endless_and_deaf])
def test_an_endless_loop_ends_and_costs_the_rest_of_the_check(function, monkeypatch):
    monkeypatch.setattr(clock, "CALL_SECONDS", 0.3)
    began = time.process_time()
    report = examined(function)
    assert time.process_time() - began < 30
    assert [v.kind for v in report.verdicts] == ["out of time", "not run", "not run"]
    assert "no result after 0.3 seconds" in report.text


def test_a_check_whose_calls_wait_ends_by_the_wall_clock(monkeypatch):
    monkeypatch.setattr(clock, "CHECK_SECONDS", 1)
    waits = []

    def waiting(x, times=2):
        waits.append(x)
        time.sleep(1.5)  # of the four seconds that the whole check has by the wall clock
        return x * times

    report = examined(waiting)
    assert report.verdicts[0].kind == "passed"
    assert report.verdicts[-1].kind in ("out of time", "not run")
    assert len(waits) <= 4


def test_a_function_leaves_no_trace_in_what_runs_after_it():
    before = np.geterr(), torch.get_default_dtype(), torch.is_grad_enabled()
    np.random.seed(5), random.seed(5), torch.manual_seed(5)
    expected = np.random.random(), random.random(), torch.rand(1).item()
    np.random.seed(5), random.seed(5), torch.manual_seed(5)
    examined(spoil_then_return)
    assert (np.random.random(), random.random(), torch.rand(1).item()) == expected
    assert (np.geterr(), torch.get_default_dtype(), torch.is_grad_enabled()) == before


def test_points_follow_the_cases_and_only_all_of_them_give_all():
    def for_float64(x, times=2):
        return x * times if x.dtype == "float64" else x * 0

    report = examined(for_float64)
    assert (report.earned, report.good) == (2, 2)
    assert type(report.earned) is int and type(examined(double).earned) is int
    assert task()(for_float64, points=2) == 1.33  # cut, not rounded up


def test_a_misunderstanding_is_named_only_where_the_evidence_forces_it():
    half = examined(lambda x, times=2: x / times)
    assert half.diagnosis.name == "a half"
    assert "Your result is exactly what a half gives. Double it." in half.text
    assert 'Lecture, "Channels": ../../lectures/01_convolution.ipynb#Channels' in half.text

    # On one case only: not what the misunderstanding does.
    mixed = examined(lambda x, times=2: x / times if times == 2 else x * 0)
    assert mixed.diagnosis is None
    # Two that cannot be told apart on these cases: neither is named.
    twins = [Misunderstanding(name, "No.", "Channels", lambda x, times: x / times) for name in "ab"]
    assert examined(lambda x, times=2: x / times, misunderstandings=twins).diagnosis is None
    # Nothing is wrong: nothing is named.
    assert examined(double).diagnosis is None


def test_success_says_that_hidden_checks_remain(capsys):
    assert task()(double, points=3) == 3
    said = capsys.readouterr().out
    assert "Public checks passed: hidden ones remain." in said
    assert "all tests passed" not in said.lower()


def test_validating_says_the_same_in_a_traceback(monkeypatch, capsys):
    wrong = raising(ValueError("x"))
    task()(wrong, points=3)
    said = capsys.readouterr().out.rstrip("\n")
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(CheckFailed) as raised:
        task()(wrong, points=3)
    assert "\n".join(raised.value._render_traceback_()) == said
    assert isinstance(raised.value, AssertionError)


def test_a_hidden_check_shows_one_element_of_what_was_expected():
    wrong = examined(lambda x, times=2: x * times + 1, hidden=77)
    assert "seed 77" in wrong.text
    everything = json.dumps(wrong._repr_mimebundle_())
    expected = task().expected(task().all_cases(77)[0])
    shown = [value for value in np.ravel(expected) if f"{value:.2f}" in everything]
    assert len(shown) <= 1
    assert "<svg" not in everything
    assert "<svg" in json.dumps(examined(lambda x, times=2: x + 1)._repr_mimebundle_())


def test_the_seed_of_hidden_cases_is_mixed_with_the_graders(monkeypatch):
    first = [one.args[0] for one in task().all_cases(task_module._seed(5))]
    monkeypatch.setenv("COURSE_CHECK_SEED", "a submission")
    second = [one.args[0] for one in task().all_cases(task_module._seed(5))]
    assert not any(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_what_a_student_writes_is_text_on_the_page():
    def hostile(x, times=2):
        print("<script>alert(1)</script>\x1b[31m")
        raise ValueError("<img src=x onerror=alert(1)>")

    page = examined(hostile)._repr_mimebundle_()
    assert "<script" not in page["text/html"] and "<img" not in page["text/html"]
    assert "\x1b" not in page["text/plain"] + page["text/html"]


def test_a_traceback_shows_the_students_frames_alone():
    def inner(x):
        return x["height"]

    def outer(x, times=2):
        return inner(x)

    text = examined(outer).text
    assert "in outer" in text and "in inner" in text and 'return x["height"]' in text
    assert "run.py" not in text and "perform" not in text


def vectorised(draw, height, width):
    return case(draw.normal(height, width))


def test_a_loop_over_pixels_is_measured_not_searched_for():
    def loops(x, times=2):
        y = np.zeros_like(x)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                y[i, j] = x[i, j] * times
        return y

    def hidden_loop(x, times=2):
        return np.array([[v * times for v in row] for row in x])

    def by_rows(x, times=2):
        return np.stack([row * times for row in x])

    for function in (loops, hidden_loop):
        report = examined(function, vectorised=vectorised)
        assert [v.kind for v in report.verdicts] == ["passed"] * 3 + ["loop"]
        assert "a Python loop runs over the output pixels" in report.text
    assert examined(by_rows, vectorised=vectorised).passed
    assert examined(double, vectorised=vectorised).passed


def test_torch_answers_are_asked_for_device_dtype_gradients_and_whose_work_it_is():
    about = {"torch": True, "differentiable": True, "forbidden": ["relu"]}
    assert examined(double, **about).passed
    for function, kind, says in [
        (lambda x, times=2: x.numpy() * times, "type", "expected torch.Tensor"),
        (lambda x, times=2: x.to("meta") * times, "dtype", "wrong device: got meta"),
        (lambda x, times=2: x.double() * times, "dtype", "got float64, expected float32"),
        (lambda x, times=2: torch.relu(x) * 0 + x * times, "library", "(relu)"),
        (lambda x, times=2: (x * times).detach(), "gradient", "no gradient flows"),
    ]:
        report = examined(function, **about)
        assert kind in [v.kind for v in report.verdicts], says
        assert says in report.text


def test_gradients_flow_to_each_tensor_of_a_container():
    def cases(draw):
        yield case(draw.normal(3), {"w": draw.normal(3), "pair": [draw.normal(3), 2]})

    def affine(x, weights):
        return x * weights["w"] + weights["pair"][0] * weights["pair"][1]

    def examined(function):
        settings = {"lecture": "01_convolution", "section": "x"}
        task = Task("affine", affine, cases=cases, torch=True, differentiable=True, **settings)
        return task.examine(function)

    def empties(x, weights):
        return affine(x, {"w": weights.pop("w"), "pair": weights["pair"]})

    assert examined(affine).passed
    for cut, name in [("w", "weights['w']"), ("pair", "weights['pair'][0]")]:

        def parameters(x, weights, cut=cut):
            new = {"w": weights["w"], "pair": list(weights["pair"])}
            if cut == "w":
                new["w"] = torch.nn.Parameter(weights["w"])
            else:
                new["pair"][0] = new["pair"][0].detach()
            return affine(x, new)

        assert f"no gradient flows back to {name}" in examined(parameters).text
    assert "weights is not what it was" in examined(empties).text


def test_an_argument_that_is_changed_in_place_is_told_whatever_its_gradient():
    def changes(x, times=2):
        x.requires_grad_()
        with torch.no_grad():
            x *= times
        return x

    def leaves_a_graph(x, times=2):
        return x.mul_(torch.tensor(float(times), requires_grad=True))

    for function in (changes, leaves_a_graph):
        assert "the input was modified" in examined(function, torch=True).text


def test_an_object_that_lives_elsewhere_is_called_there():
    class Proxy:
        def checked_call(self, args, kwargs, limit, probes):
            return checked_call.perform(double, args, kwargs, limit, probes)

    assert examined(Proxy()).passed


def test_a_report_is_one_display_and_a_number_in_a_notebook():
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    source = (
        "from course.convolution import checks\n"
        "def cross_correlate(x, weight):\n    return x\n"
        "checks.cross_correlate(cross_correlate, points=2)"
    )
    notebook = new_notebook(cells=[new_code_cell(source)])
    NotebookClient(notebook, timeout=600, startup_timeout=600, kernel_name="python3").execute()
    shown, number = notebook.cells[0].outputs
    assert shown.output_type == "display_data" and number.output_type == "execute_result"
    assert re.fullmatch(r"\d+(\.\d+)?", number.data["text/plain"])
    assert {"text/plain", "text/html"} <= shown.data.keys()
    assert shown.data["text/plain"].startswith("cross_correlate: 0 of ")


def test_what_relies_on_how_an_array_lies_in_memory_is_told():
    def by_strides(x, times=2):
        strides = np.empty(x.shape, x.dtype).strides
        return times * np.lib.stride_tricks.as_strided(x, strides=strides)

    report = examined(by_strides)
    assert {v.kind for v in report.verdicts} == {"passed", "view"}
    assert "in an array that is a view of a larger one give another result" in report.text


def test_cases_have_zeros_and_float32_where_the_topic_has_none():
    def plain(draw):
        yield from (case(draw.normal(2, 3)) for _ in range(4))

    first, *rest = task(cases=plain).all_cases()
    assert first.args[0].all() and first.args[0].dtype == "float64"
    assert sum((c.args[0] == 0).any() for c in rest) == 1
    assert [c.args[0].dtype.name for c in rest] == ["float64", "float32", "float64"]


def _refusing_task():
    def cases(draw):
        yield case(draw.normal(2))
        yield case(draw.normal(3), 3)
        yield refuses(ValueError, draw.normal(2), -1)
        yield refuses(RuntimeError, draw.normal(2), -2)

    return Task(
        "double", lambda x, times=2: x * times, cases=cases, lecture="01_convolution", section="x"
    )


def test_an_error_raised_on_purpose_is_not_a_task_left_out():
    def doubling_only(x, times=2):
        if times != 2:
            raise NotImplementedError
        return x * times

    report = _refusing_task().examine(doubling_only)
    assert report.verdicts[0].kind == "passed"
    assert "raised NotImplementedError" in report.text
    assert "not attempted" not in report.text
    stub = _refusing_task().examine(raising(NotImplementedError()))
    assert stub.headline == "double: not attempted yet (0 of 1 point)"


def test_errors_earn_nothing_where_no_result_is_right():
    report = _refusing_task().examine(raising(ValueError("no")), points=4)
    assert report.earned == 0
    assert report.verdicts[2].kind == "not counted"

    def half_right(x, times=2):
        if times < 0:
            raise (ValueError if times == -1 else RuntimeError)("times must be positive")
        return x * 2

    assert _refusing_task().examine(half_right, points=4).earned == 3


def test_an_exception_that_is_returned_is_told_to_be_raised():
    def returning(x, times=2):
        return ValueError("no") if times < 0 else x * times

    verdict = _refusing_task().examine(returning).verdicts[2]
    assert verdict.says == "the exception was returned: raise ValueError(...) in its place"


def test_the_readme_shows_a_report_as_the_check_prints_it(capsys):
    cross_correlate(lambda x, weight: convolve2d(x, weight, "valid"), points=2)
    readme = Path(__file__).parents[3] / "README.md"
    assert capsys.readouterr().out.strip() in readme.read_text()


def test_a_property_is_asked_on_one_thread():
    """The same net learns the same in grading, which has one thread, and where there are more."""
    seen = []
    task = by_property.PropertyTask(
        "design",
        {"its threads": lambda result: seen.append(torch.get_num_threads()) or ""},
        lecture="../../lectures/05_residual.ipynb",
        section="The shortcut",
    )
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert task.examine(lambda: 1).passed
        assert (seen, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(before)
