"""A mistake that no list names is found by what it computes, and only where nothing else fits."""

import copy
import itertools

import numpy as np
import pytest
import torch

from course.architectures import checks as architectures
from course.arithmetic import checks as arithmetic
from course.checking import Task, case, pair
from course.checking.argument_steps import Evidence
from course.checking.judging import same
from course.checking.search import search
from course.classification import checks as classification
from course.convolution import checks as convolution
from course.counting import checks as counting
from course.dense import checks as dense
from course.devices import checks as devices
from course.insides import checks as insides
from course.kernels import checks as kernels
from course.normalisation import checks as normalisation
from course.pooling import checks as pooling
from course.residual import checks as residual
from course.transfer import checks as transfer

TOPICS = (
    *(architectures, arithmetic, classification, convolution, counting, dense, devices),
    *(insides, kernels, normalisation, pooling, residual, transfer),
)


def told(task, function) -> str:
    report = task.examine(function)
    assert not report.passed
    return report.diagnosis.name if report.diagnosis else report.shared


def changed(task, change, result=lambda r: r):
    """The right answer with its arguments changed."""

    def answer(*args, **kwargs):
        bound = task.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return result(task.oracle(**change(dict(bound.arguments))))

    return answer


@pytest.mark.parametrize(
    "task, change, says",
    [
        (
            convolution.cross_correlate,
            lambda a: a | {"weight": np.trunc(a["weight"])},
            "the right formula with weight cut to whole numbers",
        ),
        (
            arithmetic.output_size,
            lambda a: a | {"padding": 1},
            "the right formula with padding taken for 1",
        ),
    ],
)
def test_a_changed_argument_is_found(task, change, says):
    assert says in told(task, changed(task, change))


def _module(in_channels, size, out_1x1, reduce_3x3, out_3x3, pool_proj):
    """The multiply-adds of three branches."""
    branches = in_channels * (out_1x1 + reduce_3x3 + pool_proj) + 9 * reduce_3x3 * out_3x3
    return size * size * branches


def _parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kH, kW = pair(kernel_size)
    weights = out_channels * (in_channels // groups) * kH * kW
    biases = out_channels if bias else 0
    return weights + biases


def _of_modules(draw):
    yield from (case(*draw.distinct(6, 5, 64)) for _ in range(5))


def _of_layers(draw):
    yield case(3, 6, 5)
    for bias in (True, False):
        low, high, kH, kW = draw.distinct(4, 2, 7)
        yield case(3 * low, 3 * high, (kH, kW), groups=3, bias=bias)


COUNTING = {"lecture": "04_counting", "section": "How many operations?"}
module = Task("module", _module, cases=_of_modules, formula=_module, **COUNTING)
parameters = Task("parameters", _parameters, cases=_of_layers, formula=_parameters, **COUNTING)


def test_a_count_is_explained_by_what_is_too_much():
    answer = changed(module, lambda a: a, lambda r: r + 7)
    assert module.examine(answer).diagnosis is None  # 7 is none of the task's quantities
    assert "2 * size too much" in told(module, lambda *a: module.oracle(*a) + 2 * a[1])


def test_a_count_may_be_wrong_in_two_quantities():
    def answer(*args):
        in_channels, size, out_1x1, *_, pool_proj = args
        return module.oracle(*args) + 2 * out_1x1 - size * in_channels * pool_proj

    says = told(module, answer)
    assert "in_channels * size * pool_proj too little" in says
    assert "2 * out_1x1 too much" in says
    # A number that is wrong in one case alone is explained by many sums: none is said.
    first = next(c for c in module.all_cases())
    assert not module.examine(lambda *a: module.oracle(*a) + 7 * (a == first.args)).diagnosis


def _one_layer(x, weight, target, kernel_size):
    """With 1 + v ** 2 for the slope."""
    v = np.tanh(np.correlate(x, weight, "valid"))
    windows = v[: len(v) // kernel_size * kernel_size].reshape(-1, kernel_size)
    delta = np.zeros(len(v))
    for m, window in enumerate(windows):
        delta[m * kernel_size + window.argmax()] = window.max() - target[m]
    return np.correlate(x, delta * (1 + v**2), "valid")


def _two_mistakes(in_channels, out_channels, kernel_size, groups=1, bias=True):
    """The sum of a kernel's sides, and a bias for every group's part of the channels."""
    kH, kW = pair(kernel_size)
    return out_channels * in_channels // groups * (kH + kW) + out_channels // groups * bias


def test_a_changed_place_of_the_formula_is_found():
    assert "`1 + v ** 2` in place of `1 - v ** 2`" in told(pooling.one_layer_gradient, _one_layer)
    # Two places that both show in every case are more than is looked for: nothing is said.
    assert parameters.examine(_two_mistakes).diagnosis is None


@pytest.mark.parametrize(
    "task",
    [t for topic in TOPICS for t in vars(topic).values() if isinstance(t, Task) and t.formula],
)
def test_a_formula_gives_what_is_right(task):
    for one in (c for seed in (None, 1) for c in task.all_cases(seed) if not c.error):
        assert same(task.expected(one, task.formula), task.expected(one), 1e-12)


def test_changes_that_refuse_where_the_library_does_are_computed_by_the_formula():
    """torch's padding is at most half a window; a student's is not."""
    task = pooling.max_pool2d
    said = told(task, lambda x, k, s=None, p=0: task.formula(x, k, s, k))
    assert "kernel_size in place of padding" in said


def test_what_is_kept_between_calls_is_told_where_a_result_is_wrong():
    task, kept = arithmetic.same_padding, [1]

    def late(kernel_size, dilation=1):
        """The dilation of the call before."""
        kept.append(dilation)
        return task.oracle(kernel_size, kept[-2])

    report = task.examine(late)
    assert report.verdicts[report.failure].kind == "memory"
    assert "gives another result when asked again" in report.text
    assert report.diagnosis is None

    first = {}
    assert (
        "result of case"
        in total(cases=twice)
        .examine(lambda x: first.setdefault(x.shape, x.sum(axis=1)).copy())
        .text
    )


def twice(draw):
    yield case(draw.normal(2, 3))
    yield case(draw.normal(4, 3))
    yield case(draw.normal(5, 3))
    yield case(draw.normal(2, 3))


def cases(draw):
    yield case(draw.normal(1, 4))
    yield case(draw.normal(3, 4))
    yield case(draw.normal(3, 2))


def total(**changes):
    about = {"cases": cases, "lecture": "01_convolution", "section": "Channels"}
    return Task("total", lambda x: x.sum(axis=1), **(about | changes))


def test_what_cannot_be_told_apart_is_not_told():
    def squares(draw):
        yield case(draw.normal(2, 2))

    # Minus the rows, or the negated result: one and the same, on every case.
    assert "with its sign turned" in told(total(), lambda x: -x.sum(axis=1))
    # The first row only, or a mistake that no step makes: nothing fits both cases.
    report = total(cases=squares).examine(lambda x: np.array([7.5, 8.25]))
    assert report.diagnosis is None


def test_where_nothing_fits_the_failing_cases_are_described():
    report = total().examine(lambda x: x.sum(axis=1) + np.arange(len(x)) * 0.37)
    assert report.diagnosis is None
    assert (
        report.shared == "The cases where x is of length 1 along axis 0 pass, and all others fail."
    )
    assert report.shared in report.text


@pytest.mark.parametrize("change", [lambda c, r: c + r, lambda c, r: np.maximum(c, 0) + r])
def test_a_rectifier_in_another_place_is_told_by_the_formula(change):
    task = residual.residual_block
    plain = Task(
        "residual_block",
        task.oracle,
        cases=task.cases,
        lecture=task.lecture,
        section=task.section,
        formula=task.formula,
    )  # without its list

    def answer(x, weight1, weight2):
        hidden = np.maximum(convolved(x, weight1), 0)
        return change(convolved(hidden, weight2), x)

    said = told(plain, answer)
    assert "in place of `F.relu(_conv(hidden, weight2) + x)`" in said


def test_what_answers_that_nobody_tuned_the_checks_to_are_told():
    def every_second_pixel(x, weight, stride=1):
        return np.einsum("oc,ncij->noij", weight, x[:, :, ::2, ::2])

    said = told(residual.projection_shortcut, every_second_pixel)
    assert said == "the right formula with stride taken for 2"

    def eps_outside(weight, bias, mean, var, gamma, beta, eps=1e-5):
        a = gamma / (np.sqrt(var) + eps)
        return weight * a[:, None, None, None], (bias - mean) * a + beta

    assert "`np.sqrt(var) + eps` in place of `np.sqrt(var + eps)`" in told(
        normalisation.fold, eps_outside
    )


def test_lists_axes_and_places_are_searched():
    def in_one(batches, momentum=0.1):
        channels = batches[0].shape[1]
        flat = np.concatenate([x.swapaxes(0, 1).reshape(channels, -1) for x in batches], 1)
        return momentum * flat.mean(1), 1 - momentum + momentum * flat.var(1, ddof=1)

    task = normalisation.running_statistics
    assert told(task, in_one) == "the right formula with batches joined to one"

    def one_for_all_channels(x, gamma, beta, eps=1e-5):
        xh = (x - x.mean()) / np.sqrt(x.var() + eps)
        return gamma[:, None, None] * xh + beta[:, None, None]

    task = nameless(normalisation.batch_norm)
    assert "`axes = None` in place of" in told(task, one_for_all_channels)

    def every_other_channel(x, weight, bias, devices, groups=1, padding=0):
        y = torch.nn.functional.conv2d(x, weight, bias, padding=padding, groups=groups)
        return torch.stack([y[:, d::devices] for d in range(devices)])

    said = told(devices.split_conv2d, every_other_channel)
    assert said == "the right numbers in other places"


def nameless(task):
    """A task without its list of misunderstandings."""
    twin = copy.copy(task)
    twin.misunderstandings = ()
    return twin


def convolved(x, weight):
    padding = weight.shape[2] // 2, weight.shape[3] // 2
    return convolution._conv2d(x, weight, padding=padding)


@pytest.mark.parametrize(
    "task, change, result, says",
    [
        (
            convolution.cross_correlate,
            lambda a: a | {"weight": np.flip(a["weight"], 0)},
            np.transpose,
            ("weight flipped along axis 0", "the result with axes 0 and 1 exchanged"),
        ),
        (
            pooling.avg_pool2d,
            lambda a: a | {"count_include_pad": True},
            lambda r: np.flip(r, 3),
            ("count_include_pad ignored", "the result flipped along axis 3"),
        ),
        (
            classification.cross_entropy_backward,
            lambda a: a | {"target": (a["target"] - 1) % a["logits"].shape[1]},
            lambda r: r * len(r),
            ("target smaller by one", "the result multiplied by the length of axis 0 of logits"),
        ),
        (
            normalisation.batch_norm,
            lambda a: a | {"gamma": np.ones_like(a["gamma"]), "beta": -a["beta"]},
            lambda r: r,
            ("gamma replaced by ones", "beta with its sign turned"),
        ),
        (
            arithmetic.same_padding,
            lambda a: a | {"kernel_size": a["kernel_size"] + 1},
            lambda r: r[::-1],
            ("kernel_size larger by one", "its results in another order"),
        ),
    ],
)
def test_one_mistake_and_then_another_are_found(task, change, result, says):
    said = told(nameless(task), changed(task, change, result))
    assert all(words in said for words in says), said


def test_two_places_of_a_formula_are_found_where_one_shows_alone():
    def stem(x, weight, scale=1.0, shift=0.0):
        return scale * (x * weight).sum(axis=1) + shift

    def wrong(x, weight, scale=1.0, shift=0.0):
        return scale + (x * weight).sum(axis=1) - shift

    def drawn(draw):
        yield case(draw.normal(2, 3), draw.normal(3))
        yield case(draw.normal(4, 3), draw.normal(3), 1.5)
        yield case(draw.normal(4, 3), draw.normal(3), 2.5, -0.75)

    task = Task(
        "stem", stem, cases=drawn, formula=stem, lecture="01_convolution", section="Channels"
    )
    said = told(task, wrong)
    assert "scale + (x * weight).sum(axis=1)" in said
    assert "- shift" in said


def test_two_pairs_of_mistakes_that_differ_elsewhere_are_not_told():
    """Flipped up and down, or from left to right: one and the same where x looks alike turned."""

    def right(x):
        return x**3

    def evidence(pictures):
        return [Evidence({"x": x}, 2 * np.flip(right(x), 0), 1e-9) for x in pictures]

    pictures = [np.random.default_rng(seed).normal(size=(3, 4)) for seed in range(4)]
    turned = [x + x[::-1, ::-1] for x in pictures]

    def explained(pictures):
        return search(right, evidence(pictures), {}, "Channels", lambda: [{"x": pictures[3]}])

    assert "flipped along axis 0" in explained(pictures[:4]).name
    assert search(right, evidence(turned), {}, "Channels", lambda: [{"x": pictures[3]}]) is None


def test_numbers_without_a_reason_are_not_explained_by_two():
    for task in (arithmetic.output_size, arithmetic.same_padding):
        for seed in range(3):
            report = nameless(task).examine(_off_at_random(task, seed))
            assert not report.passed
            assert report.diagnosis is None


def _off_at_random(task, seed):
    """The right numbers, each wrong by at most 2: the same for the same arguments."""

    def answer(*args, **kwargs):
        draw = np.random.default_rng([seed, *repr((args, kwargs)).encode()])
        return tuple(n + int(draw.integers(-2, 3)) for n in task.oracle(*args, **kwargs))

    return answer


def test_a_count_in_a_tuple_is_explained_by_what_is_too_much():
    task = kernels.count_reads

    def answer(height, width, kernel_size, tile):
        first, second, third = task.oracle(height, width, kernel_size, tile)
        return first, second + height * tile - width, third

    said = told(nameless(task), answer)
    assert "height * tile too much" in said
    assert "width too little" in said
    assert "result 2" in said


def _bracket_closed_early(weight, bias, mean, var, gamma, beta, eps=1e-5):
    a = gamma / np.sqrt(var + eps)
    return weight * a[:, None, None, None], bias - mean * a + beta


def _one_place_alone(weight, bias, mean, var, gamma, beta, eps=1e-5):
    s = np.sqrt(var + eps)
    return weight * (gamma / s)[:, None, None, None], (bias - mean) / s + beta


def _all_pixels(logits, target, ignore_index=255):
    kept = target != ignore_index
    p = torch.from_numpy(logits).softmax(1).numpy()
    right = np.arange(logits.shape[1])[:, None, None] == target[:, None]
    return (p - right) * kept[:, None] / kept.size


def _both_strict(scratch, transferred):
    pairs = [(min(t), max(t), min(s), max(s)) for s, t in _lists(scratch, transferred)]
    found = [1 if worst >= high else -1 if best <= low else 0 for worst, best, low, high in pairs]
    return dict(zip(scratch, found, strict=True))


def _lists(scratch, transferred):
    return [(scratch[images], transferred[images]) for images in scratch]


def _one_condition(prediction, target, num_classes):
    scores = [
        ((prediction == k) & (target == k)).sum() / ((prediction == k) | (target == k)).sum()
        for k in range(num_classes)
        if (target == k).any()
    ]
    return float(np.mean(scores))


@pytest.mark.parametrize(
    ("task", "answer", "says"),
    [
        (normalisation.fold, _bracket_closed_early, "`bias - mean * (gamma / np.sqrt(var + eps))`"),
        (normalisation.fold, _one_place_alone, "`return (weight * a, (bias - mean) * (1 /"),
        (dense.cross_entropy_backward, _all_pixels, "`kept.size` in place of `kept.sum("),
        (transfer.verdicts, _both_strict, "`worst >= high` in place of `worst > high` everywhere"),
        (dense.mean_iou, _one_condition, "`if right.any():`"),
    ],
)
def test_brackets_counts_conditions_and_comparisons_are_searched(task, answer, says):
    nameless = copy.copy(task)
    nameless.misunderstandings = ()
    assert says in told(nameless, answer)


def _same_from_the_corner(x, weight, mode="full"):
    H, W = x.shape
    right = convolution.convolve2d.oracle
    return right(x, weight)[:H, :W] if mode == "same" else right(x, weight, mode)


def _one_place_to_the_left(grad_output, weight, input_length):
    y = convolution.conv1d_input_gradient.oracle(grad_output, weight, input_length)
    return np.concatenate([y[:, :, 1:], np.zeros_like(y[:, :, :1])], axis=2)


def _stops_with_the_output(grad_output, weight, input_length):
    y = convolution.conv1d_input_gradient.oracle(grad_output, weight, input_length)
    return y[:, :, : grad_output.shape[2]]


def _mean_over_the_window(x, weight, bias=None, *rest, **named):
    return convolution.conv2d.oracle(x, weight / weight[0, 0].size, bias, *rest, **named)


def _first_pixels(x, weight, stride=1):
    H, W = (-(-size // stride) for size in x.shape[2:])
    return residual.projection_shortcut.oracle(x[:, :, :H, :W], weight)


def _stride_one_always(input_size, output_size):
    for s, k in itertools.product(range(1, 100), repeat=2):
        for p in range(k):
            if s <= k and (output_size - 1) * s == input_size + 2 * p - k:
                return k, s, p
    return None


@pytest.mark.parametrize(
    ("task", "answer", "says"),
    [
        (convolution.convolve2d, _same_from_the_corner, "`0, 0` in place of `top, left`"),
        (
            convolution.conv1d_input_gradient,
            _one_place_to_the_left,
            "the result moved back by one place, with zeros where it was, along axis 2",
        ),
        (
            convolution.conv1d_input_gradient,
            _stops_with_the_output,
            "cut or filled with zeros to the size of grad_output",
        ),
        (
            convolution.conv2d,
            _mean_over_the_window,
            "weight divided by the places of weight along its last two axes",
        ),
        (residual.projection_shortcut, _first_pixels, "and so along the other axis"),
        (
            arithmetic.find_layer,
            _stride_one_always,
            "`n + 2 * p - k` in place of `(n + 2 * p - k) / s`",
        ),
    ],
)
def test_both_axes_means_moves_and_sizes_are_searched(task, answer, says):
    assert says in told(nameless(task), answer)


def _table(rows, columns):
    return {"cells": rows * columns, "edges": 2 * (rows + columns), "sums": np.ones(rows)}


def _of_tables(draw):
    for _ in range(5):
        yield case(draw.integer(2, 9), draw.integer(11, 19))


def test_a_count_in_a_dict_is_explained_by_what_is_too_much():
    task = Task("table", _table, cases=_of_tables, lecture="01_convolution", section="Channels")

    def answer(rows, columns):
        return {**_table(rows, columns), "cells": rows * columns + rows - columns}

    said = told(task, answer)
    assert "columns too little and rows too much" in said
    assert "result['cells']" in said
