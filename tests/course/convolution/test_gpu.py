"""What the torch twin alone promises: gradients, autocast, any device, and no layer of torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from torch.utils._python_dispatch import TorchDispatchMode

from course.convolution import gpu
from course.convolution.blocked import conv2d_blocked

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
def test_the_gradient_of_conv1d_and_its_gradient(given_, with_bias):
    hold_gradients(gpu.conv1d, (2, 2, 6), (2, 2 // given_[-1], 3), given_, with_bias)


@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("given_", TWO)
def test_the_gradient_of_conv2d_and_its_gradient(given_, with_bias):
    hold_gradients(gpu.conv2d, (2, 2, 4, 5), (2, 2 // given_[-1], 2, 3), given_, with_bias)


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


SIZES = [((2, 4, 9), (6, 2, 3)), ((2, 4, 9, 8), (6, 2, 3, 2)), ((2, 4, 4, 5, 6), (6, 2, 2, 3, 2))]


@pytest.mark.parametrize(("x_shape", "weight_shape"), SIZES)
def test_the_gradient_of_complex_numbers(x_shape, weight_shape):
    x = rand(1, 2, *x_shape[2:], dtype=torch.complex128)[..., :4].requires_grad_()
    weight = rand(2, 2, *weight_shape[2:], dtype=torch.complex128).requires_grad_()
    function = getattr(gpu, f"conv{len(x_shape) - 2}d")
    assert torch.autograd.gradcheck(lambda *a: function(*a, None, 2, 2), (x, weight))


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", ["conv2d", "conv3d", "conv_transpose2d"])
def test_channels_last_goes_in_and_comes_out(name, stride):
    n = int(name[-2])
    form = {2: torch.channels_last, 3: torch.channels_last_3d}[n]
    x, weight = rand(2, 4, *[6, 5, 4][:n]), rand(4, 4, *[3, 2, 2][:n])
    x_last = x.to(memory_format=form).requires_grad_()
    plain = [a.clone().requires_grad_() for a in (x, weight)]
    y = getattr(gpu, name)(x_last, weight.requires_grad_(), None, stride, 1)
    wanted = getattr(F, name)(*plain, None, stride, 1)
    assert y.is_contiguous(memory_format=form)
    torch.testing.assert_close(y, wanted)
    grad = rand(*y.shape)
    grads = torch.autograd.grad(y, (x_last, weight), grad.to(memory_format=form))
    assert grads[0].is_contiguous(memory_format=form)
    for ours, theirs in zip(grads, torch.autograd.grad(wanted, plain, grad), strict=True):
        torch.testing.assert_close(ours, theirs)
    assert getattr(gpu, name)(plain[0], weight, None, stride, 1).is_contiguous()


def test_a_backward_pass_keeps_what_was_given_and_no_columns():
    x, weight = rand(2, 3, 6, 5).requires_grad_(), rand(4, 3, 3, 3).requires_grad_()
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        gpu.conv2d(x, weight, padding=1)
    assert {t.data_ptr() for t in kept} == {x.data_ptr(), weight.data_ptr()}


@pytest.mark.parametrize("shape", [(5, 4, 6, 7), (4, 6, 7), (0, 4, 6, 7)])
@pytest.mark.parametrize("max_bytes", [1, 3000, 2**24])
def test_blocks_give_the_same(shape, max_bytes):
    x, weight, bias = rand(*shape).requires_grad_(), rand(6, 2, 3, 3).requires_grad_(), rand(6)
    settings_ = {"stride": (2, 1), "padding": 1, "groups": 2}
    ys = [
        gpu.conv2d(x, weight, bias, **settings_),
        conv2d_blocked(x, weight, bias, **settings_, max_bytes=max_bytes),
    ]
    torch.testing.assert_close(*ys)
    grad = rand(*ys[0].shape)
    for ours, theirs in zip(*(torch.autograd.grad(y, (x, weight), grad) for y in ys), strict=True):
        torch.testing.assert_close(ours, theirs)


class Largest(TorchDispatchMode):
    """Notes the size of the largest tensor that torch makes."""

    numbers = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and not result._is_view():
            self.numbers = max(self.numbers, result.untyped_storage().nbytes() // 8)
        return result


def test_blocks_bound_the_columns():
    x, weight = rand(8, 3, 16, 16), rand(2, 3, 3, 3)
    with Largest() as whole:
        gpu.conv2d(x, weight, padding=1)
    with Largest() as blocks:
        conv2d_blocked(x, weight, padding=1, max_bytes=2 * 27 * 256 * 8)
    assert (whole.numbers, blocks.numbers) == (8 * 27 * 256, 2 * 27 * 256)


def same_when_compiled(device, backend):
    x, weight, bias = (
        rand(*s, dtype=torch.float32).to(device).requires_grad_()
        for s in [(2, 4, 9, 8), (6, 2, 3, 3), (6,)]
    )

    def step(x, weight, bias):
        y = gpu.conv2d(x, weight, bias, stride=2, padding=1, groups=2)
        return gpu.conv_transpose2d(y, weight, stride=2, groups=2)

    compiled = torch.compile(step, backend=backend, fullgraph=True)
    results = []
    for function in (step, compiled):
        y = function(x, weight, bias)
        results.append((y, *torch.autograd.grad(y.square().sum(), (x, weight, bias))))
    for ours, wanted in zip(*results, strict=True):
        torch.testing.assert_close(ours, wanted, rtol=1e-5, atol=1e-5 * wanted.abs().max().item())


def test_compiled_it_gives_the_same():
    same_when_compiled("cpu", "aot_eager")


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
        conv2d_blocked(x, weight).sum().backward()
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
    if not torch.cuda.is_available():
        return torch.device("mps")
    # The judge computes in float32 too, not in the shorter TF32.
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device("cuda")


@pytest.fixture
def cuda(accelerator):
    if accelerator.type != "cuda":
        pytest.skip("needs CUDA")
    return accelerator


@pytest.fixture
def without_waiting(cuda):
    """A step that waits for the device raises an error."""
    torch.cuda.set_sync_debug_mode("error")
    yield
    torch.cuda.set_sync_debug_mode("default")


CALLS = [
    ("conv1d", (2, 4, 9), (6, 2, 3)),
    ("conv2d", (2, 4, 9, 8), (6, 2, 3, 2)),
    ("conv3d", (2, 4, 4, 5, 6), (6, 2, 2, 3, 2)),
    ("conv_transpose2d", (2, 4, 5, 6), (4, 3, 3, 2)),
]


@pytest.mark.gpu
@pytest.mark.parametrize(("name", "x_shape", "weight_shape"), CALLS)
def test_the_host_never_waits_for_the_device(without_waiting, name, x_shape, weight_shape):
    x, weight, bias = (
        torch.rand(s, device="cuda", requires_grad=True) for s in (x_shape, weight_shape, (6,))
    )
    y = getattr(gpu, name)(x, weight, bias, stride=2, padding=1, groups=2)
    torch.autograd.grad(y, (x, weight, bias), torch.ones_like(y))
    picture = torch.rand(2, 3, 8, 8, device="cuda", requires_grad=True)
    folded = gpu.fold(gpu.unfold(picture, 3, stride=2), 8, 3, stride=2)
    torch.autograd.grad(folded, picture, torch.ones_like(folded))
    conv2d_blocked(picture, picture[:, :, :2, :2])


@pytest.mark.gpu
@pytest.mark.parametrize("form", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize(
    ("c", "size", "o", "k", "stride"),
    [(3, 64, 64, 7, 2), (64, 28, 64, 3, 1), (64, 28, 128, 3, 2), (256, 14, 512, 1, 1)],
)
def test_bfloat16_is_near_float64(cuda, c, size, o, k, stride, form):
    x, weight = torch.rand(4, c, size, size) - 0.5, (torch.rand(o, c, k, k) - 0.5) / (c * k * k)
    narrow = [a.to(cuda, torch.bfloat16, memory_format=form).requires_grad_() for a in (x, weight)]
    exact = [a.detach().double().requires_grad_() for a in narrow]
    results = []
    for function, leaves in ((gpu.conv2d, narrow), (F.conv2d, exact)):
        y = function(*leaves, stride=stride, padding=k // 2)
        grad = torch.linspace(-1, 1, y.numel(), device=cuda).reshape(y.shape).bfloat16()
        results.append((y, *torch.autograd.grad(y, leaves, grad.to(y.dtype))))
    for ours, wanted in zip(*results, strict=True):
        assert ours.dtype == torch.bfloat16
        assert (ours.double() - wanted).abs().max() <= 1e-2 * wanted.abs().max()


@pytest.mark.gpu
@pytest.mark.parametrize(("name", "x_shape", "weight_shape"), CALLS)
def test_gradcheck_on_cuda(cuda, name, x_shape, weight_shape):
    x, weight = (rand(*s).to(cuda).requires_grad_() for s in (x_shape, weight_shape))
    given_ = (x[:1], weight)
    assert torch.autograd.gradcheck(
        lambda x, w: getattr(gpu, name)(x, w, stride=2, padding=1, groups=2), given_, fast_mode=True
    )


@pytest.mark.gpu
@pytest.mark.parametrize(("name", "x_shape", "weight_shape"), CALLS)
def test_autocast_on_cuda_is_the_librarys(cuda, name, x_shape, weight_shape):
    x, weight = (
        rand(*s, dtype=torch.float32).to(cuda).requires_grad_() for s in (x_shape, weight_shape)
    )
    results = []
    for module in (gpu, F):
        with torch.autocast("cuda", torch.bfloat16):
            y = getattr(module, name)(x, weight, stride=2, groups=2)
        results.append((y, *torch.autograd.grad(y.float().square().sum(), (x, weight))))
    for ours, wanted in zip(*results, strict=True):
        assert ours.dtype == wanted.dtype
        torch.testing.assert_close(ours, wanted, rtol=0.05, atol=0.05 * wanted.abs().max().item())


@pytest.mark.gpu
def test_compiled_on_a_gpu_it_gives_the_same(cuda):
    same_when_compiled(cuda, "inductor")


@pytest.mark.gpu
def test_blocks_bound_the_peak_on_cuda(cuda):
    x, weight = torch.rand(64, 64, 56, 56, device=cuda), torch.rand(64, 64, 3, 3, device=cuda)
    peaks = []
    for function in (gpu.conv2d, conv2d_blocked):
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        function(x, weight, padding=1)
        peaks.append(torch.cuda.max_memory_allocated() - before)
    columns = 9 * x.numel() * x.element_size()
    assert peaks[0] >= columns and peaks[1] < columns / 2


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
