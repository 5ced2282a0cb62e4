"""Pooling of signals: both twins take what torch takes, integers or tuples of one, and agree."""

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course.pooling import gpu, reference

TWINS = [(reference, lambda array: array), (gpu, torch.from_numpy)]


@st.composite
def sizes(draw, low, high):
    """An integer as it is, in a tuple or in a list; and the integer."""
    value = draw(st.integers(low, high))
    return draw(st.sampled_from([value, (value,), [value]])), value


@st.composite
def poolings(draw):
    """A signal with ties, kernel_size, stride, padding, dilation and ceil_mode."""
    kernel_size, k = draw(sizes(1, 5))
    stride = draw(st.sampled_from([None, ()]) | sizes(1, 4).map(lambda size: size[0]))
    padding, _ = draw(sizes(0, k // 2))
    dilation, d = draw(sizes(1, 3))
    length = d * (k - 1) + 1 + draw(st.integers(0, 6))
    shape = (*draw(st.sampled_from([(2, 3), (3,), (0, 2)])), length)
    x = np.random.default_rng(draw(st.integers(0, 1000))).integers(-3, 4, size=shape) + 0.25
    return x, kernel_size, stride, padding, dilation, draw(st.booleans())


def assert_twins(name, torchs, x, *arguments):
    """Both twins, forward and backward, against a function of torch and its gradient by x."""
    tensor = torch.tensor(x, requires_grad=True)
    expected = torchs(tensor)
    grad = np.random.default_rng(0).normal(size=tuple(expected.shape))
    expected.backward(torch.from_numpy(grad))
    for twin, to in TWINS:
        y = getattr(twin, f"{name}_pool1d")(to(x), *arguments)
        np.testing.assert_allclose(y, expected.detach(), atol=1e-12)
        grad_x = getattr(twin, f"{name}_pool1d_backward")(to(grad), to(x), *arguments)
        np.testing.assert_allclose(grad_x, tensor.grad, atol=1e-12)


@settings(deadline=None, max_examples=100)
@given(poolings(), st.booleans())
def test_maximum_and_average(case, count_include_pad):
    x, k, s, p, d, ceil_mode = case
    arguments = k, s, p, d, ceil_mode
    assert_twins("max", lambda t: F.max_pool1d(t, *arguments), x, *arguments)
    expected = F.max_pool1d(torch.from_numpy(x), *arguments, return_indices=True)[1]
    for twin, to in TWINS:
        _, indices = twin.max_pool1d(to(x), *arguments, return_indices=True)
        np.testing.assert_array_equal(indices, expected)
    if d in (1, (1,), [1]):
        arguments = k, s, p, ceil_mode, count_include_pad
        assert_twins("avg", lambda t: F.avg_pool1d(t, *arguments), x, *arguments)


@settings(deadline=None, max_examples=60)
@given(poolings(), st.sampled_from([1, 1.5, 2, 3, 50]))
def test_lp(case, norm_type):
    x, k, s, *_ = case
    (width,) = np.atleast_1d(k)
    (step,) = [width] if s in (None, ()) else np.atleast_1d(s)

    def norms(t):
        return torch.linalg.vector_norm(t.unfold(-1, int(width), int(step)), norm_type, dim=-1)

    assert_twins("lp", norms, x, norm_type, k, s)
