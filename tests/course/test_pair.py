"""The pair shown: sources, differences and times of a reference, its twin and the library."""

import importlib
import re
from copy import copy
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from course import pair
from course.architectures import reference as architectures
from course.arithmetic import reference as arithmetic
from course.classification import reference as classification
from course.convolution import gpu, reference
from course.dense import reference as dense
from course.devices import reference as devices
from course.insides import reference as insides
from course.kernels import reference as kernels
from course.normalisation import reference as normalisation
from course.pooling import reference as pooling
from course.residual import reference as residual
from course.transfer import reference as transfer
from tests.conftest import ROOT

rng = np.random.default_rng(0)
X, WEIGHT = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(4, 3, 3, 2))


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setattr(pair, "device", lambda: torch.device("cpu"))


def test_the_three_ways_agree_and_are_named():
    shown = pair.compare(reference.conv2d, gpu.conv2d, X, WEIGHT, stride=2, padding=(1, 0))
    assert [row.name for row in shown.rows] == [
        "reference.conv2d",
        "gpu.conv2d",
        "torch.nn.functional.conv2d",
    ]
    expected = torch.nn.functional.conv2d(
        torch.tensor(X), torch.tensor(WEIGHT), stride=2, padding=(1, 0)
    )
    np.testing.assert_allclose(shown.result, expected.numpy(), rtol=1e-12)
    assert all(0 <= row.difference < 1e-12 for row in shown.rows[1:])
    assert all(row.seconds > 0 for row in shown.rows)


def double(x):
    return 2 * x


def almost_double(x):
    return 2 * x + (x == x.max()) * 0.25


def pairwise(x):
    return x, (x + 1)


def wrong_in_the_second(x):
    return x, x + 1.5


def test_the_largest_difference_is_found():
    x = np.array([[1.0, 5.0], [2.0, 3.0]])
    assert pair.compare(double, almost_double, x).rows[1].difference == 0.25
    assert pair.compare(pairwise, wrong_in_the_second, x).rows[1].difference == 0.5


def test_a_nan_is_no_agreement():
    x = np.array([1.0, -1.0])
    assert np.isnan(pair.compare(double, lambda t: 2 * t.sqrt(), x).rows[1].difference)


def test_the_time_is_that_of_a_usual_call(monkeypatch):
    now, durations = 0.0, iter([9, 0.25, 0.5, 0.75])  # the first call, which warms up, is not timed

    def twin(x):
        nonlocal now
        now += next(durations)
        return 2 * x

    monkeypatch.setattr(pair, "time", SimpleNamespace(perf_counter=lambda: now))
    monkeypatch.setattr(pair, "SECONDS", 1)
    assert pair.compare(double, twin, np.ones(3)).rows[1].seconds == 0.5


def test_a_function_without_a_counterpart_is_compared_with_its_twin_alone():
    shown = pair.compare(double, double, np.ones(3))
    assert len(shown.rows) == 2
    shown = pair.compare(double, double, np.ones(3), library=torch.nn.functional.relu)
    assert shown.rows[2].name == "torch.nn.functional.relu"
    assert shown.rows[2].difference == 1
    shown = pair.compare(double, double, np.ones(3), library=lambda x: x.relu())
    assert shown.rows[2].name == "torch's own functions"


def test_results_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"gpu.* gives shape \(2,\), the reference \(3,\)"):
        pair.compare(double, lambda x: x[:2], np.ones(3))


def test_a_sparse_result_is_compared_too():
    weight = rng.normal(size=(1, 1, 2, 2))
    shown = pair.compare(reference.conv_matrix, gpu.conv_matrix, weight, (3, 3))
    assert shown.rows[1].difference == 0


def test_both_sources_are_shown_as_text_and_escaped_as_html():
    shown = pair.compare(reference.conv2d, gpu.conv2d, X, WEIGHT)
    text, page = str(shown), shown._repr_html_()
    for line in ['np.einsum("ncijpq,ocpq->noij", windows, weight)', "torch.einsum("]:
        assert line in text
    assert "layout." not in text
    first, fold = page.split("<details>")
    assert first.count("<pre") == fold.count("<pre") == 2
    assert "white-space: pre" in first
    assert page.count("<tr>") == 4
    assert "sum over c, p and q" in text and "sum over c, p, q" in page
    assert "C_in / groups" not in page


@pytest.mark.parametrize(
    ("seconds", "text"), [(4.04, "4.0 s"), (0.0123, "12 ms"), (0.0012, "1.2 ms"), (35e-6, "35 µs")]
)
def test_a_time_is_written_to_be_read(seconds, text):
    assert pair.duration(seconds) == text


PLANES = rng.normal(size=(2, 3, 8, 7)).round(1)  # with ties
WON = pooling.max_pool2d(PLANES[..., :6], 2, return_indices=True)
SCORES, CLASSES = rng.normal(size=(2, 4, 5, 6)), rng.integers(4, size=(2, 5, 6))
CLASSES[0, :2] = 255
BOXES = np.array([[0, 0, 8, 8], [9, 6, 5, 8]])
SHARDS = rng.normal(2, 3, size=(3, 4, 2, 5, 6))
SHORT = {
    # name: (complete function, arguments, settings of both, settings of the complete one alone)
    "convolve1d": (
        reference.convolve1d,
        (X[0, 0, 0], WEIGHT[0, 0, 0]),
        {},
        {"mode": "valid"},
    ),
    "conv1d_backward": (
        reference.conv1d_backward,
        (rng.normal(size=(2, 4, 5)), X[..., 0, :], WEIGHT[..., 0]),
    ),
    "conv2d": (reference.conv2d, (X, WEIGHT), {"padding": 2}),
    "read_counts": (arithmetic.read_counts, (9, 4)),
    "spread": (arithmetic.spread, (rng.normal(size=(2, 5)), 3)),
    "softmax": (classification.softmax, (SCORES, 2)),
    "cross_entropy of classification": (
        classification.cross_entropy,
        (SCORES[:, :, 0, 0], np.array([3, 0])),
    ),
    "binary_cross_entropy_with_logits": (
        classification.binary_cross_entropy_with_logits,
        (SCORES, (SCORES > 1).astype(float)),
    ),
    "max_pool2d": (pooling.max_pool2d, (PLANES, 3, 2, 1)),
    "max_pool2d_backward": (
        pooling.max_pool2d_backward,
        (rng.normal(size=(2, 3, 4, 4)), PLANES, 3, 2, 1),
    ),
    "residual_block": (
        residual.residual_block,
        (X, rng.normal(size=(4, 3, 3, 3)), rng.normal(size=(3, 4, 3, 3))),
    ),
    "batch_norm": (normalisation.batch_norm, (X, *rng.uniform(1, 2, size=(4, 3)))),
    "batch_norm, training": (
        normalisation.batch_norm,
        (X, *rng.uniform(1, 2, size=(4, 3)), True),
    ),
    "batch_norm_backward": (
        normalisation.batch_norm_backward,
        (rng.normal(size=PLANES.shape), PLANES),
    ),
    "group_norm": (normalisation.group_norm, (rng.normal(size=(2, 6, 4, 5)), 3)),
    "pointwise_conv2d": (architectures.pointwise_conv2d, (X, rng.normal(size=(4, 3)))),
    "grid_reduction": (architectures.grid_reduction, (X, rng.normal(size=(4, 3, 3, 3)))),
    "max_unpool2d": (insides.max_unpool2d, (*WON, (8, 6))),
    **{
        f"relu_backward, {rule}": (insides.relu_backward, (*rng.normal(size=(2, 3, 4)), rule))
        for rule in insides.RULES
    },
    "label_patches": (
        transfer.label_patches,
        (transfer.patches(16, 20, 6, 1), BOXES, np.array([3, 1]), 5),
    ),
    "scores_everywhere": (
        transfer.scores_everywhere,
        (X, rng.normal(size=(4, 3 * 3 * 2)), rng.normal(size=4), (3, 2)),
    ),
    "cross_entropy": (dense.cross_entropy, (SCORES, CLASSES), {"ignore_index": 255}),
    "cross_entropy_backward": (
        dense.cross_entropy_backward,
        (0.7, SCORES, CLASSES),
        {"ignore_index": 255},
    ),
    "intersection_over_union": (
        dense.intersection_over_union,
        (*rng.integers(4, size=(2, 3, 5)), 6),
    ),
    "interpolate": (dense.interpolate, (X, 3)),
    "interpolate, bilinear": (dense.interpolate, (X, 3, "bilinear")),
    "implicit_gemm": (
        kernels.implicit_gemm,
        (rng.normal(size=(2, 3, 9, 7)), rng.normal(size=(4, 3, 3, 2)), 2, 1, 16),
    ),
    **{
        f"winograd, F({m}x{m})": (
            kernels.winograd,
            (rng.normal(size=(2, 3, 8, 12)), rng.normal(size=(4, 3, 3, 3)), 1, m),
        )
        for m in (2, 4)
    },
    "fft": (kernels.fft, (rng.normal(size=(2, 3, 9, 8)), rng.normal(size=(4, 3, 5, 2)), 1)),
    "average_gradients": (devices.average_gradients, (X[0], [3, 1, 4])),
    "ring_all_reduce": (devices.ring_all_reduce, (rng.normal(size=(4, 11)),)),
    "sync_batch_norm": (devices.sync_batch_norm, (SHARDS, *rng.normal(size=(2, 2)))),
    **{
        f"split_conv2d, groups {groups}": (
            devices.split_conv2d,
            (rng.normal(size=(2, 4, 5, 6)), rng.normal(size=(6, 4 // groups, 3, 2))),
            {"padding": 1, "groups": groups},
        )
        for groups in (1, 2)
    },
}


@pytest.mark.parametrize("name", SHORT)
def test_the_short_version_gives_what_the_complete_one_gives(name):
    function, args, both, alone = (*SHORT[name], {}, {})[:4]
    given = [copy(a) for a in args]
    expected = pair._parts(function(*given, **both, **alone))
    in_numpy, in_torch = pair.short_pair(function)
    arrays = [copy(a) for a in args]
    tensors = [torch.tensor(a) if isinstance(a, np.ndarray) else a for a in args]
    for short, its in ((in_numpy, arrays), (in_torch, tensors)):
        got = pair._parts(short(*its, **both))
        # The arguments too: running statistics are changed in place.
        for one, other in zip([*got, *its], [*expected, *given], strict=True):
            if not isinstance(other, str):
                one = np.asarray(one)
                rtol = 1e-6 if one.dtype == np.float32 else 1e-10
                np.testing.assert_allclose(one, other, rtol=rtol, atol=1e-12)


def with_its_twin(name, device):
    """Gives what the complete twin gives, its tensors on a device."""
    function, args, both, alone = (*SHORT[name], {}, {})[:4]
    twin = getattr(importlib.import_module(f"{function.__module__[:-9]}gpu"), function.__name__)
    tensors = [torch.tensor(a, device=device) if isinstance(a, np.ndarray) else a for a in args]
    return pair._parts(twin(*tensors, **both, **alone))


@pytest.mark.parametrize("name", [name for name in SHORT if name != "read_counts"])
def test_a_twin_makes_what_it_needs_where_its_arguments_are(name):
    """Without a GPU, too: a tensor made where torch makes one unasked cannot meet the arguments."""
    expected = with_its_twin(name, "cpu")
    with torch.device("meta"):
        got = with_its_twin(name, "cpu")
    for one, other in zip(got, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0, equal_nan=True)


@pytest.mark.gpu
@pytest.mark.parametrize("name", [name for name in SHORT if name != "read_counts"])
def test_a_twin_gives_on_a_gpu_what_it_gives_on_a_cpu(name):
    if not torch.cuda.is_available():
        pytest.skip("needs CUDA: MPS has no float64")
    got, expected = with_its_twin(name, "cuda"), with_its_twin(name, "cpu")
    for one, other in zip(got, expected, strict=True):
        assert not isinstance(other, torch.Tensor) or one.device.type == "cuda"
        torch.testing.assert_close(one, other, check_device=False, equal_nan=True)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("course/*/short.py")), ids=lambda p: p.parent.name
)
def test_all_that_a_lecture_compares_has_a_short_version(path):
    topic = path.parent.name
    (lecture,) = ROOT.glob(f"lectures/*_{topic}.ipynb")
    text = lecture.read_text()
    shown = set(re.findall(r"compare\((?:\\n\",\n *\" *)?reference\.(\w+)", text))
    complete = importlib.import_module(f"course.{topic}.reference")
    assert shown
    assert not {name for name in shown if not pair.short_pair(getattr(complete, name))}


@pytest.mark.parametrize("name", SHORT)
def test_a_short_version_is_short(name):
    for function in pair.short_pair(SHORT[name][0]):
        lines = pair._source(function).splitlines()
        assert len(lines) <= 16 and max(map(len, lines)) <= 92


def test_a_function_without_a_short_version_is_shown_complete():
    assert pair.short_pair(double) == ()
    page = pair.compare(double, double, np.ones(3))._repr_html_()
    assert "<details>" not in page and page.count("<pre") == 2
