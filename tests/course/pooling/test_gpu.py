"""The torch twins of pooling: equal to the reference, and differentiable."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course.pooling import gpu, reference

from .test_reference import poolings

few = settings(deadline=None, max_examples=40)


def equal(result, expected, **tolerance):
    np.testing.assert_allclose(result.numpy(), expected, **({"atol": 1e-12} | tolerance))


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


POOLINGS = {
    "max": lambda x: gpu.max_pool2d(x, 3, 2, 1),
    "max, overhanging": lambda x: gpu.max_pool2d(x, 3, 2, 0, 1, True),
    "average": lambda x: gpu.avg_pool2d(x, 3, 2, 1),
    "average of the inside": lambda x: gpu.avg_pool2d(x, (3, 2), (1, 2), 1, True, False),
    "weighted": lambda x: gpu.weighted_avg_pool2d(x, 3, 2, 1),
    "global": gpu.global_avg_pool2d,
    "Lp": lambda x: gpu.lp_pool2d(x, 3, 3, 2),
}


@pytest.mark.parametrize("name", POOLINGS)
def test_the_gradients_gradient(name):
    x = torch.randperm(2 * 2 * 5 * 6).reshape(2, 2, 5, 6).double().sub(60.5).div(7)
    assert torch.autograd.gradgradcheck(POOLINGS[name], x.requires_grad_())


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("name", POOLINGS)
def test_channels_last_goes_in_and_comes_out(name, batch):
    x = torch.rand(batch, 4, 8, 9)
    last = x.to(memory_format=torch.channels_last).requires_grad_()
    y, wanted = POOLINGS[name](last), POOLINGS[name](x.requires_grad_())
    torch.testing.assert_close(y, wanted)
    grad = torch.rand(y.shape)
    (grad_last,), (grad_x,) = (torch.autograd.grad(*a, grad) for a in ((y, last), (wanted, x)))
    torch.testing.assert_close(grad_last, grad_x)
    assert grad_x.is_contiguous()
    # The global average's gradient is one number for a plane, as in torch.
    for tensor in (y,) if name == "global" else (y, grad_last):
        assert tensor.is_contiguous(memory_format=torch.channels_last)


# The weights of the weighted average are made by NumPy, which the compiler does not trace.
@pytest.mark.parametrize("name", [name for name in POOLINGS if name != "weighted"])
def test_compiled_it_gives_the_same(name):
    torch._dynamo.reset()
    x = torch.rand(2, 4, 8, 9, requires_grad=True)
    same_when_compiled(POOLINGS[name], x, "aot_eager")


def same_when_compiled(pool, x, backend):
    results = []
    for function in (pool, torch.compile(pool, backend=backend, fullgraph=True)):
        y = function(x)
        results.append((y, *torch.autograd.grad(y.square().sum(), x)))
    for ours, wanted in zip(*results, strict=True):
        torch.testing.assert_close(ours, wanted)


def test_a_nan_is_the_maximum_of_its_windows():
    x = torch.arange(36.0).reshape(1, 1, 6, 6)
    x[0, 0, 2, 3] = torch.nan
    for pool in (gpu.max_pool2d, F.max_pool2d):
        y = pool(x.requires_grad_(), 3, 1)
        assert y.isnan()[0, 0].tolist() == [
            [r <= 2 and 1 <= c <= 3 for c in range(4)] for r in range(4)
        ]


def test_a_narrow_average_is_summed_in_wide_numbers():
    x = torch.rand(2, 3, 40, 40).bfloat16()
    exact = F.avg_pool2d(x.double(), 40)
    assert (gpu.avg_pool2d(x, 40).double() - exact).abs().max() <= 2**-8 * exact.abs().max()


@pytest.fixture
def cuda():
    if not torch.cuda.is_available():
        pytest.skip("needs CUDA")
    return torch.device("cuda")


@pytest.mark.gpu
@pytest.mark.parametrize("name", POOLINGS)
def test_a_gpu_gives_what_the_cpu_gives(cuda, name):
    x = torch.rand(4, 3, 17, 18, dtype=torch.float64)
    on_cpu, on_gpu = x.clone().requires_grad_(), x.to(cuda).requires_grad_()
    for each in (on_cpu, on_gpu):
        POOLINGS[name](each).square().sum().backward()
    torch.testing.assert_close(on_gpu.grad.cpu(), on_cpu.grad)


@pytest.mark.gpu
@pytest.mark.parametrize("name", POOLINGS)
def test_the_host_never_waits_for_the_device(cuda, name):
    x = torch.rand(2, 3, 17, 18, device=cuda, requires_grad=True)
    torch.cuda.set_sync_debug_mode("error")
    try:
        y = POOLINGS[name](x)
        torch.autograd.grad(y, x, torch.ones_like(y))
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.gpu
@pytest.mark.parametrize("form", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_bfloat16_is_near_float64(cuda, name, form):
    narrow = torch.rand(4, 64, 28, 28).to(cuda, torch.bfloat16, memory_format=form)
    leaves = narrow.requires_grad_(), narrow.detach().double().requires_grad_()
    results = []
    for module, x in zip((gpu, F), leaves, strict=True):
        y = getattr(module, name)(x, 3, 2, 1)
        grad = torch.linspace(-1, 1, y.numel(), device=cuda).reshape(y.shape).bfloat16()
        results.append((y, *torch.autograd.grad(y, x, grad.to(y.dtype))))
    for ours, wanted in zip(*results, strict=True):
        assert ours.dtype == torch.bfloat16
        assert (ours.double() - wanted).abs().max() <= 1e-2 * wanted.abs().max()


@pytest.mark.gpu
def test_compiled_on_a_gpu_it_gives_the_same(cuda):
    x = torch.rand(4, 8, 17, 18, device=cuda, requires_grad=True)
    same_when_compiled(POOLINGS["max"], x, "inductor")
    same_when_compiled(POOLINGS["average"], x, "inductor")


@pytest.mark.gpu
@pytest.mark.parametrize("name", POOLINGS)
def test_gradcheck_on_cuda(cuda, name):
    x = torch.randperm(2 * 2 * 5 * 6).reshape(2, 2, 5, 6).double().sub(60.5).div(7)
    assert torch.autograd.gradcheck(POOLINGS[name], x.to(cuda).requires_grad_())
