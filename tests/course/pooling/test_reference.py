"""The reference of pooling against torch.nn.functional and autograd, in float64."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course.pooling import reference

few = settings(deadline=None, max_examples=60)


@st.composite
def poolings(draw, dilations=True):
    """An input with ties, and the arguments of a pooling that torch takes."""
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2))) if dilations else (1, 1)
    extent = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    size = [draw(st.integers(e, e + 5)) for e in extent]
    stride = draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)))
    shape = (*draw(st.sampled_from([(2, 3), (3,), (0, 2), (1, 1)])), *size)
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    x = rng.integers(-3, 4, size=shape).astype("float64")  # few values: many ties
    ceil_mode = draw(st.booleans())
    return x, kernel, stride, padding, dilation, ceil_mode


def gradient(function, x, rng):
    """torch's output, a random grad_output, and the gradient by x."""
    tensor = torch.tensor(x, requires_grad=True)
    y = function(tensor)
    grad = rng.normal(size=tuple(y.shape))
    y.backward(torch.tensor(grad))
    return y.detach().numpy(), grad, tensor.grad.numpy()


@few
@given(poolings())
def test_max_pooling(case):
    x, *arguments = case
    k, s, p, d, ceil_mode = arguments
    expected, where = F.max_pool2d(torch.tensor(x), k, s, p, d, ceil_mode, return_indices=True)
    y, indices = reference.max_pool2d(x, *arguments, return_indices=True)
    np.testing.assert_array_equal(y, expected.numpy())
    np.testing.assert_array_equal(indices, where.numpy())
    _, grad, grad_x = gradient(
        lambda t: F.max_pool2d(t, k, s, p, d, ceil_mode), x, np.random.default_rng(0)
    )
    np.testing.assert_allclose(
        reference.max_pool2d_backward(grad, x, *arguments), grad_x, atol=1e-12
    )


@few
@given(poolings(dilations=False), st.booleans(), st.none() | st.sampled_from([-2, 1, 5]))
def test_average_pooling(case, count_include_pad, divisor):
    x, k, s, p, _, ceil_mode = case
    arguments = (k, s, p, ceil_mode, count_include_pad, divisor)
    expected, grad, grad_x = gradient(
        lambda t: F.avg_pool2d(t, *arguments), x, np.random.default_rng(0)
    )
    np.testing.assert_allclose(reference.avg_pool2d(x, *arguments), expected, atol=1e-12)
    np.testing.assert_allclose(
        reference.avg_pool2d_backward(grad, x, *arguments), grad_x, atol=1e-12
    )


@few
@given(poolings(dilations=False), st.sampled_from([1, 1.5, 2, 3, 7, 50]))
def test_lp_pooling_is_the_norm_with_its_gradient(case, norm_type):
    x, k, s, *_ = case
    x = x + 0.25  # nowhere zero: the slope is defined

    def norm(t):
        if t.ndim == 3:
            return norm(t[None])[0]
        kH, kW = k
        step = s or k
        windows = t.unfold(2, kH, step[0]).unfold(3, kW, step[1])
        return torch.linalg.vector_norm(windows, norm_type, dim=(4, 5))

    expected, grad, grad_x = gradient(norm, x, np.random.default_rng(0))
    np.testing.assert_allclose(
        reference.lp_pool2d(x, norm_type, k, s), expected, rtol=1e-10, atol=1e-12
    )
    np.testing.assert_allclose(
        reference.lp_pool2d_backward(grad, x, norm_type, k, s), grad_x, rtol=1e-8, atol=1e-10
    )


def test_lp_pooling_agrees_with_torch_where_torch_has_the_norm():
    x = np.random.default_rng(0).normal(size=(2, 3, 6, 7))
    for p, values in [(2, x), (4, x), (3, np.abs(x))]:
        expected = F.lp_pool2d(torch.tensor(values), p, (2, 3), (1, 2))
        np.testing.assert_allclose(
            reference.lp_pool2d(values, p, (2, 3), (1, 2)), expected.numpy(), rtol=1e-10
        )
    theirs = F.lp_pool2d(torch.tensor(x), 3, 2).numpy()
    assert not np.allclose(reference.lp_pool2d(x, 3, 2), theirs)  # odd p and negative x


def test_lp_pooling_goes_from_the_sum_of_sizes_to_the_largest():
    x = np.array([[[3.0, -4.0], [0.0, 1.0]]])
    assert reference.lp_pool2d(x, 1, 2).item() == 8
    assert reference.lp_pool2d(x, 2, 2).item() == pytest.approx(np.sqrt(26))
    assert reference.lp_pool2d(x, 1000, 2).item() == pytest.approx(4, rel=1e-3)
    grad = reference.lp_pool2d_backward(np.ones((1, 1, 1)), x, 3, 2)
    y = 92 ** (1 / 3)  # 27 + 64 + 1
    np.testing.assert_allclose(grad, [[[9 / y**2, -16 / y**2], [0, 1 / y**2]]])
    zeros = reference.lp_pool2d_backward(np.ones((1, 1, 1)), 0 * x, 3, 2)
    np.testing.assert_array_equal(zeros, 0 * x)


def test_the_weighted_average_counts_the_middle_most():
    weights = reference.distance_weights((3, 3))
    assert weights.sum() == pytest.approx(1)
    assert weights[1, 1] / weights[0, 1] == pytest.approx(2)  # distances 0 and 1
    assert weights[1, 1] / weights[0, 0] == pytest.approx(1 + np.sqrt(2))
    x = np.random.default_rng(0).normal(size=(2, 3, 6, 7))
    kernel = torch.tensor(weights).expand(3, 1, 3, 3)
    expected, grad, grad_x = gradient(
        lambda t: F.conv2d(t, kernel, stride=2, padding=1, groups=3), x, np.random.default_rng(1)
    )
    np.testing.assert_allclose(reference.weighted_avg_pool2d(x, 3, 2, 1), expected, atol=1e-12)
    np.testing.assert_allclose(
        reference.weighted_avg_pool2d_backward(grad, x, 3, 2, 1), grad_x, atol=1e-12
    )


def test_the_global_average_and_its_gradient():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    np.testing.assert_allclose(reference.global_avg_pool2d(x)[..., 0, 0], x.mean(axis=(2, 3)))
    grad = np.arange(6.0).reshape(2, 3, 1, 1)
    np.testing.assert_allclose(
        reference.global_avg_pool2d_backward(grad, x), np.broadcast_to(grad / 20, x.shape)
    )


@pytest.mark.parametrize(("kernel_size", "stride"), [(2, None), (3, 1), (3, 2)])
def test_every_derivative_of_the_one_layer_network(kernel_size, stride):
    rng = np.random.default_rng(3)
    x, weight = rng.normal(size=12), rng.normal(size=4)
    outputs = (9 - kernel_size) // (stride or kernel_size) + 1
    target = rng.normal(size=outputs)

    tx, tw = torch.tensor(x, requires_grad=True), torch.tensor(weight, requires_grad=True)
    tu = F.conv1d(tx[None], tw[None, None])[0]
    tv = torch.tanh(tu)
    ty = F.max_pool1d(tv[None], kernel_size, stride)[0]
    cost = 0.5 * ((ty - torch.tensor(target)) ** 2).sum()
    expected = torch.autograd.grad(cost, (ty, tv, tu, tw, tx))
    found = reference.one_layer_backward(x, weight, target, kernel_size, stride)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12)

    def value(w):
        return reference.one_layer_forward(x, w, target, kernel_size, stride)[3]

    for k in range(4):
        step = 1e-6 * np.eye(4)[k]
        numeric = (value(weight + step) - value(weight - step)) / 2e-6
        assert found[3][k] == pytest.approx(numeric, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: reference.max_pool2d(x[0, 0], 2), "x must have shape"),
        (lambda x: reference.max_pool2d(x.astype(int), 2), "x must have a floating-point dtype"),
        (lambda x: reference.max_pool2d(x, 0), "kernel_size must be at least 1"),
        (lambda x: reference.max_pool2d(x, 2, 0), "stride must be at least 1"),
        (lambda x: reference.max_pool2d(x, 2, padding=2), "padding"),
        (lambda x: reference.max_pool2d(x, 9), "kernel_size|input"),
        (lambda x: reference.avg_pool2d(x, 2, divisor_override=0), "divisor_override"),
        (lambda x: reference.lp_pool2d(x, 0.5, 2), "norm_type must be a number of at least 1"),
        (lambda x: reference.max_pool2d_backward(x, x, 2), "grad_output must have shape"),
        (lambda x: reference.max_pool1d(x, 2), r"x must have shape \(N, C, L\)"),
    ],
)
def test_bad_arguments_are_refused_by_name(call, says):
    with pytest.raises(ValueError, match=says):
        call(np.ones((2, 3, 4, 5)))
