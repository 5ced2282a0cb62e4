"""What the torch twin alone promises: gradients, autocast, any device, and no layer of torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from torch.utils._python_dispatch import TorchDispatchMode

from course.convolution import gpu

from .strategies import Case, convolutions, library, tensor, transposed_convolutions

few = settings(max_examples=20, deadline=None)
generator = torch.Generator().manual_seed(0)


def rand(*shape, dtype=torch.float64):
    return torch.rand(shape, generator=generator, dtype=dtype) * 2 - 1


# Stride, padding, dilation and groups; each unlike its neighbours.
ONE = [(1, 0, 1, 1), (2, 1, 2, 2), ((1,), "same", 2, 1)]
TWO = [(1, 0, 1, 1), ((2, 1), (1, 2), (1, 2), 2), (1, "same", (2, 1), 1)]


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("given_", ONE)
@pytest.mark.parametrize("function", [gpu.Conv1dFunction.apply, gpu.conv1d])
def test_the_gradient_of_conv1d_and_its_gradient(function, given_, with_bias):
    hold_gradients(function, (2, 2, 6), (2, 2 // given_[-1], 3), given_, with_bias)


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("given_", TWO)
@pytest.mark.parametrize("function", [gpu.Conv2dFunction.apply, gpu.conv2d])
def test_the_gradient_of_conv2d_and_its_gradient(function, given_, with_bias):
    hold_gradients(function, (2, 2, 4, 5), (2, 2 // given_[-1], 2, 3), given_, with_bias)


def hold_gradients(function, x_shape, weight_shape, given_, with_bias):
    x, weight = rand(*x_shape).requires_grad_(), rand(*weight_shape).requires_grad_()
    bias = rand(weight_shape[0]).requires_grad_() if with_bias else None
    arguments = (x, weight, bias, *given_)
    assert torch.autograd.gradcheck(function, arguments)
    assert torch.autograd.gradgradcheck(function, arguments)


def test_the_gradient_of_conv3d_and_of_a_transposed_convolution():
    x, weight = rand(2, 2, 3, 2, 3).requires_grad_(), rand(2, 1, 2, 2, 1).requires_grad_()
    assert torch.autograd.gradcheck(lambda *a: gpu.conv3d(*a, padding=1, groups=2), (x, weight))
    x, weight = rand(2, 2, 2, 3).requires_grad_(), rand(2, 1, 2, 3).requires_grad_()
    bias = rand(2).requires_grad_()

    def transposed(*a):
        return gpu.conv_transpose2d(*a, stride=2, padding=1, output_padding=1, groups=2)

    assert torch.autograd.gradcheck(transposed, (x, weight, bias))
    assert torch.autograd.gradgradcheck(transposed, (x, weight, bias))


def test_unfold_and_fold_are_differentiable_and_each_is_the_others_gradient():
    x, columns = rand(2, 2, 5, 4).requires_grad_(), rand(2, 12, 9)
    given_ = {"kernel_size": (2, 3), "padding": 1, "stride": (2, 2), "dilation": (2, 1)}
    y = gpu.unfold(x, **given_)
    columns = rand(*y.shape)
    (grad_x,) = torch.autograd.grad(y, x, columns)
    torch.testing.assert_close(grad_x, F.fold(columns, (5, 4), **given_))
    columns.requires_grad_()
    z = gpu.fold(columns, (5, 4), **given_)
    picture = rand(*z.shape)
    (grad_columns,) = torch.autograd.grad(z, columns, picture)
    torch.testing.assert_close(grad_columns, F.unfold(picture, **given_))


def test_the_gradient_reaches_the_weight_through_the_matrix():
    x, weight = rand(1, 2, 4, 5), rand(3, 2, 2, 2).requires_grad_()
    product = gpu.conv_matrix(weight, (4, 5), stride=2, padding=1) @ x.ravel()
    y = F.conv2d(x, weight, stride=2, padding=1)
    factors = rand(*y.shape)
    (ours,) = torch.autograd.grad(product, weight, factors.ravel())
    (wanted,) = torch.autograd.grad(y, weight, factors)
    torch.testing.assert_close(ours, wanted)


AUTOCAST = [
    ("conv1d", (2, 4, 7), (6, 2, 3)),
    ("conv2d", (2, 4, 7, 6), (6, 2, 3, 2)),
    ("conv3d", (2, 4, 3, 4, 5), (6, 2, 3, 2, 1)),
    ("conv_transpose2d", (2, 4, 3, 4), (4, 3, 3, 2)),
]


@pytest.mark.parametrize(("name", "x_shape", "weight_shape"), AUTOCAST)
def test_autocast_is_the_librarys(name, x_shape, weight_shape):
    x = rand(*x_shape, dtype=torch.float32).requires_grad_()
    weight = rand(*weight_shape, dtype=torch.float32).requires_grad_()
    bias = rand(6, dtype=torch.float32).requires_grad_()
    results = []
    for module in (gpu, F):
        with torch.autocast("cpu", torch.bfloat16):
            y = getattr(module, name)(x, weight, bias, stride=2, groups=2)
        results.append((y, *torch.autograd.grad(y.float().square().sum(), (x, weight, bias))))
    for ours, wanted in zip(*results, strict=True):
        assert ours.dtype == wanted.dtype
        # bfloat16 has 8 bits; the two round after different partial sums.
        torch.testing.assert_close(ours, wanted, rtol=0.05, atol=0.05 * wanted.abs().max().item())
    assert results[0][0].dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("function", "shape"), [(gpu.Conv1dFunction, (2, 2, 6)), (gpu.Conv2dFunction, (2, 2, 6, 5))]
)
def test_a_function_gives_gradients_under_autocast(function, shape):
    x = rand(*shape, dtype=torch.float32).requires_grad_()
    weight = rand(3, 2, *[2] * (len(shape) - 2), dtype=torch.float32).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        y = function.apply(x, weight, None, 1, 0, 1, 1)
    assert y.dtype == torch.bfloat16
    grad_x, grad_weight = torch.autograd.grad(y.float().sum(), (x, weight))
    assert grad_x.dtype == grad_weight.dtype == torch.float32
    plain = getattr(F, f"conv{len(shape) - 2}d")(x, weight).sum()
    for ours, wanted in zip(
        (grad_x, grad_weight), torch.autograd.grad(plain, (x, weight)), strict=True
    ):
        torch.testing.assert_close(ours, wanted, rtol=0.05, atol=0.05 * wanted.abs().max().item())


def test_autocast_leaves_float64_and_integers_as_torch_does():
    for x, weight in [(rand(1, 1, 3, 3), rand(1, 1, 2, 2)), (torch.ones(1, 1, 3, 3).int(),) * 2]:
        with torch.autocast("cpu", torch.bfloat16):
            assert gpu.conv2d(x, weight).dtype == F.conv2d(x, weight).dtype == x.dtype


def test_vmap_and_grad_of_torch_func_go_through():
    x, weight = rand(3, 2, 2, 5, 5), rand(4, 2, 2, 3)
    ours = torch.func.vmap(lambda one: gpu.conv2d(one, weight, padding=1))(x)
    torch.testing.assert_close(ours, torch.stack([F.conv2d(one, weight, padding=1) for one in x]))
    per_picture = torch.func.vmap(
        torch.func.grad(lambda w, one: gpu.conv2d(one, w).square().sum()), (None, 0)
    )(weight, x)
    first = torch.func.grad(lambda w: F.conv2d(x[0], w).square().sum())(weight)
    torch.testing.assert_close(per_picture[0], first)


class Watch(TorchDispatchMode):
    """Notes every operator that torch runs."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.seen.add(function.overloadpacket.__name__)
        return function(*args, **(kwargs or {}))


TAUGHT = {"convolution", "convolution_backward", "_convolution", "conv2d", "im2col", "col2im"}


def test_the_twin_never_calls_the_layer_it_teaches():
    x, weight = rand(2, 2, 5, 5).requires_grad_(), rand(2, 2, 2, 2).requires_grad_()
    with Watch() as library_:
        F.conv2d(x, weight).sum().backward()
        F.fold(F.unfold(x, 2), 5, 2)
    assert {"convolution", "convolution_backward", "im2col", "col2im"} <= library_.seen
    with Watch() as ours:
        gpu.conv1d(x[:, :, 0], weight[:, :, 0]).sum().backward()
        gpu.conv2d(x, weight).sum().backward()
        gpu.conv3d(x[:, :, None], weight[:, :, None]).sum().backward()
        gpu.Conv1dFunction.apply(x[:, :, 0], weight[:, :, 0], None, 1, 0, 1, 1).sum().backward()
        gpu.Conv2dFunction.apply(x, weight, None, 1, 0, 1, 1).sum().backward()
        gpu.conv_transpose2d(x, weight).sum().backward()
        gpu.fold(gpu.unfold(x, 2), 5, 2).sum().backward()
        gpu.convolve1d(x[0, 0, 0], weight[0, 0, 0])
        gpu.convolve2d(x[0, 0], weight[0, 0]).sum().backward()
        (gpu.conv_matrix(weight, 5) @ x[0].ravel()).sum().backward()
    assert ours.seen and not TAUGHT & ours.seen


def test_input_is_left_as_it_was_and_shares_no_memory():
    x, weight = torch.ones(1, 2, 3, 3), torch.ones(2, 2, 1, 1)
    gpu.conv2d(x, weight).fill_(7)
    columns = gpu.unfold(x[:, :1, :1], (1, 2))  # one row: its windows could be columns as they lie
    columns[0, 0, 1] = 7
    assert (columns == 7).sum() == 1
    gpu.unfold(x, 1).fill_(7)
    assert torch.all(x == 1) and torch.all(weight == 1)


def on(device, case: Case):
    """The case's arrays on a device, in float32: MPS has no more."""
    return [None if a is None else tensor(a.astype("f4")).to(device) for a in case.arrays]


@pytest.fixture(scope="module")
def accelerator():
    return torch.device("cuda" if torch.cuda.is_available() else "mps")


@pytest.mark.gpu
@few
@given(case=convolutions(2))
def test_conv2d_on_a_gpu(accelerator, case):
    arrays = on(accelerator, case)
    hold(gpu.conv2d(*arrays, **case.settings), accelerator, "conv2d", case)
    x, weight, _ = arrays
    y = gpu.conv2d(x, weight, **case.settings)
    gradients = gpu.conv2d_backward(torch.ones_like(y), x, weight, **case.settings)
    assert all(gradient.device.type == accelerator.type for gradient in gradients)
    leaves = [a.double().cpu().requires_grad_() for a in (x, weight, x.new_zeros(len(weight)))]
    wanted = torch.autograd.grad(F.conv2d(*leaves, **case.settings).sum(), leaves)
    for ours, theirs in zip(gradients, wanted, strict=True):
        torch.testing.assert_close(ours.cpu().double(), theirs, rtol=1e-5, atol=1e-4)


@pytest.mark.gpu
@few
@given(case=transposed_convolutions())
def test_conv_transpose2d_on_a_gpu(accelerator, case):
    arrays = on(accelerator, case)
    hold(gpu.conv_transpose2d(*arrays, **case.settings), accelerator, "conv_transpose2d", case)


@pytest.mark.gpu
def test_the_rest_on_a_gpu(accelerator):
    x, weight = (rand(*s, dtype=torch.float32) for s in [(2, 2, 5, 6), (3, 2, 2, 3)])
    there = x.to(accelerator)
    torch.testing.assert_close(gpu.unfold(there, (2, 3)).cpu(), F.unfold(x, (2, 3)))
    columns = F.unfold(x, (2, 3))
    folded = gpu.fold(columns.to(accelerator), (5, 6), (2, 3)).cpu()
    torch.testing.assert_close(folded, F.fold(columns, (5, 6), (2, 3)))
    full = gpu.convolve2d(there[0, 0], weight[0, 0].to(accelerator)).cpu()
    torch.testing.assert_close(full, gpu.convolve2d(x[0, 0], weight[0, 0]))
    if accelerator.type == "cuda":  # MPS knows no sparse product
        product = gpu.conv_matrix(weight.to(accelerator), (5, 6)) @ there[0].ravel()
        torch.testing.assert_close(product.cpu(), F.conv2d(x[0], weight).ravel())


def hold(result, device, name, case):
    assert result.device.type == device.type and result.dtype == torch.float32
    wanted = library(
        name, *(a if a is None else a.astype("f4") for a in case.arrays), **case.settings
    )
    sizes = library(name, *(a if a is None else np.abs(a) for a in case.arrays), **case.settings)
    off = np.abs(result.detach().cpu().double().numpy() - wanted)
    assert result.shape == wanted.shape and np.all(off <= 1e-5 * np.abs(sizes) + 1e-7)
