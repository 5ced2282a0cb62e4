"""The torch twins of pooling: equal to the reference, and differentiable."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course.pooling import gpu, reference

from .test_reference import poolings

few = settings(deadline=None, max_examples=40)


def equal(ours, theirs, **tolerance):
    np.testing.assert_allclose(ours.numpy(), theirs, **({"atol": 1e-12} | tolerance))


@few
@given(poolings())
def test_max_pooling_is_the_references(case):
    x, *arguments = case
    y, indices = gpu.max_pool2d(torch.tensor(x), *arguments, return_indices=True)
    expected, places = reference.max_pool2d(x, *arguments, return_indices=True)
    equal(y, expected)
    equal(indices, places)
    grad = np.random.default_rng(0).normal(size=expected.shape)
    equal(
        gpu.max_pool2d_backward(torch.tensor(grad), torch.tensor(x), *arguments),
        reference.max_pool2d_backward(grad, x, *arguments),
    )


@few
@given(poolings(dilations=False), st.booleans(), st.none() | st.just(3))
def test_average_pooling_is_the_references(case, count_include_pad, divisor):
    x, k, s, p, _, ceil_mode = case
    arguments = (k, s, p, ceil_mode, count_include_pad, divisor)
    expected = reference.avg_pool2d(x, *arguments)
    equal(gpu.avg_pool2d(torch.tensor(x), *arguments), expected)
    grad = np.random.default_rng(0).normal(size=expected.shape)
    equal(
        gpu.avg_pool2d_backward(torch.tensor(grad), torch.tensor(x), *arguments),
        reference.avg_pool2d_backward(grad, x, *arguments),
    )


@few
@given(poolings(dilations=False), st.sampled_from([1, 2, 3, 50]))
def test_lp_and_weighted_pooling_are_the_references(case, p):
    x, k, s, padding, _, ceil_mode = case
    expected = reference.lp_pool2d(x, p, k, s, ceil_mode)
    equal(gpu.lp_pool2d(torch.tensor(x), p, k, s, ceil_mode), expected)
    grad = np.random.default_rng(0).normal(size=expected.shape)
    equal(
        gpu.lp_pool2d_backward(torch.tensor(grad), torch.tensor(x), p, k, s, ceil_mode),
        reference.lp_pool2d_backward(grad, x, p, k, s, ceil_mode),
    )
    expected = reference.weighted_avg_pool2d(x, k, s, padding)
    equal(gpu.weighted_avg_pool2d(torch.tensor(x), k, s, padding), expected)
    grad = np.random.default_rng(0).normal(size=expected.shape)
    equal(
        gpu.weighted_avg_pool2d_backward(torch.tensor(grad), torch.tensor(x), k, s, padding),
        reference.weighted_avg_pool2d_backward(grad, x, k, s, padding),
    )


@pytest.mark.parametrize(
    "pool",
    [
        lambda x: gpu.max_pool2d(x, 3, 2, 1, 1, True),
        lambda x: gpu.avg_pool2d(x, (3, 2), (1, 2), 1, True, False),
        lambda x: gpu.lp_pool2d(x, 3, 2, 1),
        lambda x: gpu.weighted_avg_pool2d(x, 3, 2, 1),
        gpu.global_avg_pool2d,
        lambda x: gpu.max_pool1d(x[0], 3, 2, 1),
        lambda x: gpu.avg_pool1d(x[0], 2, 1, 1),
        lambda x: gpu.lp_pool1d(x[0], 2, 3),
    ],
    ids=["max", "avg", "lp", "weighted", "global", "max1d", "avg1d", "lp1d"],
)
def test_gradcheck(pool):
    torch.manual_seed(0)
    x = torch.randperm(2 * 2 * 5 * 6).reshape(2, 2, 5, 6).double().sub(60).div(7)
    assert torch.autograd.gradcheck(pool, x.requires_grad_())


def test_the_gradient_of_the_global_average():
    plane = np.random.default_rng(0).normal(size=(3, 2, 9))
    grad = np.arange(3.0).reshape(3, 1, 1)
    equal(
        gpu.global_avg_pool2d_backward(torch.tensor(grad), torch.tensor(plane)),
        reference.global_avg_pool2d_backward(grad, plane),
    )


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_gives_what_the_cpu_gives():
    x = torch.randn(4, 3, 17, 18, dtype=torch.float64)
    for pool in (
        lambda t: gpu.max_pool2d(t, 3, 2, 1),
        lambda t: gpu.avg_pool2d(t, 3, 2, 1),
        lambda t: gpu.lp_pool2d(t, 3, 3, 2),
    ):
        on_cpu, on_gpu = x.clone().requires_grad_(), x.cuda().requires_grad_()
        pool(on_cpu).sum().backward()
        pool(on_gpu).sum().backward()
        torch.testing.assert_close(on_gpu.grad.cpu(), on_cpu.grad)
