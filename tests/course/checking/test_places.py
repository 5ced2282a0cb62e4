"""Where numbers are wrong: said only where every case forces it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring import feedback
from course.checking import Task, case
from course.checking.places import Pair, where
from course.classification import checks as classification
from course.pooling import checks as pooling
from tests.course.checking.test_search import nameless


def pairs(change, *shapes, **arguments):
    """Pairs of right numbers, drawn for each shape, and what `change` makes of them."""
    draw = np.random.default_rng(0)
    rights = [draw.normal(size=shape) for shape in shapes]
    return [Pair(change(right.copy()), right, 1e-9, arguments) for right in rights]


def put(index, value):
    def change(y):
        y[index] = value
        return y

    return change


def shifted(y):
    y[..., 1:, :] = y[..., :-1, :].copy()
    y[..., 0, :] = 0
    return y


def inside(y):
    y[..., 1:-1, 1:-1] += 1
    return y


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (put(np.s_[..., :1, :], 7), "All numbers in the first row are wrong, and no others."),
        (put(np.s_[..., -1], 7), "All numbers in the last column are wrong, and no others."),
        (put(np.s_[..., 0, 1:3], 7), "Numbers are wrong only in the first row."),
        (put(np.s_[:, -1], 0), "All numbers in the last entry of axis 1 are wrong, and no others."),
        (put(np.s_[:, -1], 0), "Each wrong number is 0"),
        (inside, "All numbers at the border are right, and no others."),
        (shifted, "Each row but the first is the one that belongs before it."),
        (np.negative, "Only signs are wrong."),
        (lambda y: y + np.arange(y.shape[1])[:, None, None], "differ by one and the same number"),
        (lambda y: 2.5 * y, "one and the same quotient in each case"),
        (lambda y: y[..., :-1], "only axis 3 is wrong, by 1 too short; from its start on"),
        (lambda y: y[..., 1:], "only axis 3 is wrong, by 1 too short; from its end on"),
        (lambda y: y[:, 0], "Of axes it has 3 in place of 4: 1 too few."),
        (lambda y: y * (1 + 1e-3 * np.sin(y)), "All are right to two digits"),
        (lambda y: y - y**2, "Each wrong number is too small."),
    ],
)
def test_places_and_what_wrong_numbers_have_in_common(change, says):
    assert says in where(pairs(change, (2, 3, 5, 6), (1, 4, 4, 7)))


def test_a_place_is_said_only_where_all_cases_force_it():
    first = pairs(put(np.s_[..., 0, :], 7), (1, 2, 5, 6))
    last = pairs(put(np.s_[..., -1, :], 7), (1, 2, 5, 6))
    assert "first row" in where(first)
    assert "first row" not in where(first + last)
    # One wrong number may stand anywhere: by chance, in a first row of three.
    assert "row" not in where(pairs(put(np.s_[0, 0], 7), (3, 1)))
    assert where(pairs(lambda y: y, (3, 4))) == ""


def test_the_bias_is_named_where_it_is_the_difference():
    bias = np.array([0.3, -1.0, 2.0])
    spread = bias[:, None, None]
    says = where(pairs(lambda y: y - spread, (2, 3, 4, 5), (1, 3, 2, 2), bias=bias))
    assert says == "The difference is bias: it is left out, or taken away."


def test_windows_that_reach_into_the_padding():
    task = nameless(pooling.avg_pool2d)

    def halved(x, kernel_size, stride=None, padding=0, count_include_pad=True):
        """Right, but for the windows that reach beyond the picture."""
        y = task.formula(x, kernel_size, stride, padding, count_include_pad)
        seen = np.pad(np.ones(x.shape), [(0, 0)] * 2 + [(p, p) for p in pooling.pair(padding)])
        whole = task.formula(seen, kernel_size, stride, 0, True)
        return np.where(whole > 1 - 1e-9, y, y + 0.1 * np.cos(np.arange(y.size)).reshape(y.shape))

    report = task.examine(halved)
    assert "where the window reaches into the padding are wrong" in report.where
    assert report.where in report.text and report.diagnosis is None


def test_parts_of_a_tuple_and_numbers():
    grads = [Pair((np.ones(3), 4.0 + k), (np.ones(3), 4.0), 1e-9, {}) for k in (1, 2, 4)]
    says = where(grads, ["grad_x", "loss"])
    assert says == (
        "Only loss is wrong; the rest is right in every case. Where it is wrong, it is too large."
    )
    same = [Pair(n + 3, n, 1e-9, {}) for n in (4, 9, 17)]
    assert where(same) == "Where it is wrong, it is too large by 3 in each case."
    words = [Pair("max", "mean", 0, {}), Pair("max", "mean", 0, {}), Pair("sum", "sum", 0, {})]
    assert where(words) == "Each wrong one is 'max' where 'mean' is right."


def test_true_and_false_have_no_mean():
    """ "mirror averaged over axis 0" was said of answers that do nothing of the kind."""
    task = nameless(classification.augment)

    def with_mirror(change):
        return lambda images, rows, columns, mirror: task.formula(
            images, rows, columns, np.broadcast_to(change(mirror), mirror.shape)
        )

    for change, says in [
        (lambda m: m.any(), "mirror True where any is along axis 0"),
        (lambda m: True, "mirror taken for True everywhere"),
        (lambda m: m.mean() >= 0.5, None),
        (lambda m: len(m) > 1, None),
    ]:
        found = task.examine(with_mirror(change)).diagnosis
        assert (found and found.name) == (says and f"the right formula with {says}")


def small(draw):
    yield case(draw.normal(7, 3))
    yield case(draw.normal(6, 2))
    yield case(draw.normal(9, 4))


numbers = st.floats(-3, 3) | st.integers(-3, 3) | st.just(float("nan"))
arrays = st.builds(
    lambda shape, value: np.full(shape, value),
    st.lists(st.integers(0, 3), max_size=4).map(tuple),
    numbers,
)
values = st.recursive(
    arrays | numbers | st.booleans() | st.none() | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(values, values), min_size=1, max_size=3))
def test_whatever_comes_back_is_no_error(results):
    says = where([Pair(got, right, 1e-9, {"x": np.ones((2, 2))}) for got, right in results])
    assert isinstance(says, str)


def test_a_report_says_where_and_a_diagnosis_says_more():
    task = Task(
        "total", lambda x: x.sum(1), cases=small, lecture="01_convolution", section="Channels"
    )
    report = task.examine(lambda x: np.append(x.sum(1)[:-1], 0.125))
    assert report.where == (
        "All numbers in the last entry are wrong, and no others. Each wrong number is 0.125."
    )
    assert report.where in report.text and report.where in report.html
    assert task.examine(lambda x: -x.sum(1)).where == ""


def test_what_wrong_answers_are_told_is_counted():
    def of_seven(*args, **kwargs):
        y = pooling.avg_pool2d.formula(*args, **kwargs)
        y[..., -1:] = 7
        return y

    def halved(*args, **kwargs):
        return pooling.avg_pool2d.formula(*args, **kwargs) / 2

    answers = [pooling.avg_pool2d.formula, halved, of_seven, lambda *args, **kwargs: None]
    found = feedback.count(pooling.avg_pool2d, answers)
    assert found == {"search": 1, "place": 1, "verdict": 1}


def test_what_cases_share_is_told_where_it_sets_most_passing_ones_apart():
    def sizes(draw):
        for kernel_size, stride in [(3, 1), (3, 1), (2, 1), (2, 2), (3, 2), (5, 3)]:
            yield case(kernel_size, stride)

    task = Task(
        "places",
        lambda kernel_size, stride: 2.5 * kernel_size + stride,
        cases=sizes,
        lecture="01_convolution",
        section="Channels",
    )
    # Right at stride 1, and by chance in one case more: that one has no name.
    report = task.examine(lambda k, s: 2.5 * k + s + (s > 1 and k > 2) * 0.7 * k**2)
    assert report.shared == "No case fails where stride is 1."
