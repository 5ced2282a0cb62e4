"""Every size that the reference gives is the size of torch's own layer, and so is every refusal."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course.arithmetic import gpu, reference

SIZES, KERNELS, STRIDES = range(1, 20), range(1, 9), range(1, 6)
PADDINGS, DILATIONS = range(5), range(1, 4)
REFUSED = 0


def asked(ask, *arguments):
    """The size, or REFUSED."""
    try:
        return ask(*arguments)
    except (ValueError, RuntimeError):
        return REFUSED


def every(*ranges):
    """All combinations, as one integer array for each range."""
    return [np.array(column) for column in zip(*itertools.product(*ranges), strict=True)]


def fits(n, k, p, d):
    return n + 2 * p >= d * (k - 1) + 1


def test_convolution_agrees_with_torch_on_the_whole_grid():
    n, k, s, p, d = every(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS)
    ours = np.full(n.shape, REFUSED)
    fit = fits(n, k, p, d)
    ours[fit] = reference.conv_output_size(n[fit], k[fit], s[fit], p[fit], d[fit])
    torchs = [
        asked(gpu.conv_output_size, *map(int, one)) for one in zip(n, k, s, p, d, strict=True)
    ]
    assert ours.tolist() == torchs
    assert REFUSED in torchs


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_pooling_agrees_with_torch_on_the_whole_grid(ceil_mode):
    for one in itertools.product(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS):
        ours = asked(reference.pool_output_size, *one, ceil_mode)
        assert ours == asked(gpu.pool_output_size, *one, ceil_mode), one


def test_transposed_convolution_agrees_with_torch_on_the_whole_grid():
    for one in itertools.product(range(1, 7), KERNELS, STRIDES, PADDINGS, range(5), DILATIONS):
        *_, s, _, extra, d = one
        if extra < max(s, d):  # torch's meta device does not look at it; see below
            ours = asked(reference.conv_transpose_output_size, *one)
            assert ours == asked(gpu.conv_transpose_output_size, *one), one


def test_output_padding_has_torchs_limit():
    for s, d, extra in itertools.product(range(1, 4), range(1, 4), range(5)):
        x, weight = torch.zeros(1, 1, 3), torch.zeros(1, 1, 2)
        torchs = asked(
            lambda *rest: F.conv_transpose1d(*rest).shape[2], x, weight, None, s, 0, extra, 1, d
        )
        assert asked(reference.conv_transpose_output_size, 3, 2, s, 0, extra, d) == torchs


@settings(max_examples=40, deadline=None)
@given(data=st.data(), axes=st.integers(2, 3))
def test_a_tuple_has_one_size_for_each_axis(data, axes):
    def sizes(low, high):
        each = st.integers(low, high)
        return data.draw(each | st.tuples(*[each] * axes))

    n = data.draw(st.tuples(*[st.integers(6, 12)] * axes))
    k, s, p, d = sizes(1, 3), sizes(1, 4), sizes(0, 2), sizes(1, 2)
    assert reference.conv_output_size(n, k, s, p, d) == gpu.conv_output_size(n, k, s, p, d)
    ours = asked(reference.pool_output_size, n, k, s, p, d, True)
    assert ours == asked(gpu.pool_output_size, n, k, s, p, d, True)
    ours = asked(reference.conv_transpose_output_size, n, k, s, p, 0, d)
    assert ours == asked(gpu.conv_transpose_output_size, n, k, s, p, 0, d)


def test_an_answer_has_the_form_of_its_question():
    assert reference.conv_output_size(7, 3, 2) == 3
    assert type(reference.conv_output_size(7, 3, 2)) is int
    assert reference.conv_output_size((7, 9), 3, 2) == (3, 4)
    assert reference.conv_output_size(7, (3, 4), 2) == (3, 2)
    several = reference.conv_output_size(np.arange(3, 9), 3, stride=2)
    assert several.tolist() == [1, 1, 2, 2, 3, 3]
    assert reference.conv_output_size(np.full((2, 1), 5), np.array([1, 3, 5])).shape == (2, 3)


@pytest.mark.parametrize(
    ("ask", "arguments", "says"),
    [
        ("conv_output_size", (2, 3), "kernel_size must fit into the padded input, 2 pixels here"),
        ("conv_output_size", (np.array([5, 2]), 3), "2 pixels here, got a window of 3"),
        ("conv_output_size", (7.0, 3), "input_size must be an integer"),
        ("conv_output_size", (7, True), "kernel_size must be an integer"),
        ("conv_output_size", (7, 3, 0), "stride must be at least 1"),
        ("conv_output_size", (7, 3, 1, -1), "padding must be at least 0"),
        ("conv_output_size", ((7, 8), (1, 2, 3)), "must broadcast"),
        ("conv_output_size", ((), 3), "input_size must be one integer"),
        ("conv_output_size", (np.array([7.0]), 3), "must have an integer dtype, got float64"),
        ("conv_output_size", (np.array([0]), 3), "input_size must be at least 1, got 0"),
        ("pool_output_size", (7, 3, 2, 2), "padding must be at most half of kernel_size"),
        ("pool_output_size", (1, 5, 1), "kernel_size must fit"),
        ("conv_transpose_output_size", (7, 3, 2, 0, 2), "output_padding must be smaller"),
        ("conv_transpose_output_size", (1, 2, 1, 1), "padding must leave an output"),
        ("unused_border", (2, 3), "kernel_size must fit"),
        ("windows", (2, 3), "kernel_size must fit"),
        ("same_padding", (0,), "kernel_size must be at least 1"),
        ("spread", (np.zeros(3), 0), "stride must be at least 1"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(ask, arguments, says):
    with pytest.raises(ValueError, match=says):
        getattr(reference, ask)(*arguments)


@pytest.mark.parametrize("k", range(1, 8))
@pytest.mark.parametrize("d", range(1, 4))
def test_same_padding_is_torchs_and_keeps_the_size(k, d):
    before, after = reference.same_padding(k, d)
    assert (before, after) == gpu.same_padding(k, d)
    assert reference.conv_output_size(30 + before + after, k, 1, 0, d) == 30


def test_same_padding_of_axes():
    assert reference.same_padding((3, 4), dilation=(2, 1)) == ((2, 2), (1, 2))


@pytest.mark.parametrize("ask", ["read_counts", "unused_border"])
def test_what_is_read_agrees_with_torchs_gradient(ask):
    for n, k, s, p, d in itertools.product(
        range(1, 10), range(1, 5), range(1, 5), range(3), [1, 2]
    ):
        if not fits(n, k, p, d) or (ask == "unused_border" and (s > k or d > 1)):
            continue  # holes between windows or taps are no border
        ours, torchs = (getattr(twin, ask)(n, k, s, p, d) for twin in (reference, gpu))
        assert np.array_equal(ours, torchs), (n, k, s, p, d)


def test_unused_border_of_many():
    # 7x7 and stride 3 leaves one pixel, 8x8 two; a padding of 1 puts zeros there instead.
    assert reference.unused_border((7, 8), 3, 3) == (1, 2)
    assert reference.unused_border(np.array([7, 8]), 3, 3, 1).tolist() == [0, 0]


def test_windows_read_what_torchs_unfold_reads():
    n, k, s, p, d = 11, 3, 2, 4, 3
    x = torch.arange(1.0, n + 1).reshape(1, 1, 1, n)  # 0 stands for the padding
    torchs = F.unfold(x, (1, k), (1, d), (0, p), (1, s))[0].T
    where = reference.windows(n, k, s, p, d)
    inside = (where >= 0) & (where < n)
    assert np.array_equal(np.where(inside, where + 1, 0), torchs)


def test_one_axis_may_be_written_as_a_tuple_of_one():
    assert reference.windows((9,), (3,), (2,), (1,), (2,)).tolist() == (
        reference.windows(9, 3, 2, 1, 2).tolist()
    )
    for twin in (reference, gpu):
        of_tuples = twin.read_counts((9,), (3,), (2,), (1,), (2,))
        assert of_tuples.tolist() == twin.read_counts(9, 3, 2, 1, 2).tolist()
        assert twin.conv_output_size((9,), (3,), (2,), (1,), (2,)) == (4,)
        assert twin.pool_output_size((9,), (7,), (3,), (1,)) == (2,)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 6),
    k=st.integers(1, 4),
    s=st.integers(1, 4),
    p=st.integers(0, 3),
    d=st.integers(1, 2),
)
def test_a_transposed_convolution_is_a_plain_one_of_the_spread_input(n, k, s, p, d):
    size = asked(reference.conv_transpose_output_size, n, k, s, p, 0, d)
    cut = d * (k - 1) - p
    if size == REFUSED or cut < 0:
        return
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(1, 1, n)), rng.normal(size=(1, 1, k))
    torchs = F.conv_transpose1d(*map(torch.tensor, (x, weight)), None, s, p, dilation=d)
    for between in (reference.spread(x, s), gpu.spread(torch.tensor(x), s).numpy()):
        plain = F.conv1d(
            torch.tensor(between), torch.tensor(weight[..., ::-1].copy()), None, 1, cut, d
        )
        assert torch.allclose(plain, torchs)


def test_spread_is_differentiable():
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: gpu.spread(x, 3), x)


def test_read_counts_are_what_a_transposed_layer_writes():
    """With taps of one, an image of ones comes back as the number of taps that write each pixel."""
    for k, s in itertools.product(range(1, 6), range(1, 4)):
        written = F.conv_transpose1d(torch.ones(1, 1, 5), torch.ones(1, 1, k), stride=s)[0, 0]
        assert np.array_equal(reference.read_counts(len(written), k, s), written)
