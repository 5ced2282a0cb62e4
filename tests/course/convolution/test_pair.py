"""Both twins of every function of convolution, judged by torch.nn.functional and by scipy."""

import inspect
import re

import numpy as np
import pytest
import scipy.signal
import torch
import torch.nn.functional as F
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from course.convolution import gpu, reference

from .strategies import (
    Case,
    array,
    close,
    convolutions,
    judge,
    library,
    run,
    tensor,
    transposed_convolutions,
    values,
)

# torch says that its own "same" may copy the input.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")
both = pytest.mark.parametrize("twin", [reference, gpu], ids=["reference", "gpu"])
some = settings(max_examples=60, deadline=None)
few = settings(max_examples=30, deadline=None)

POINT = Case(np.full((1, 1, 1, 1), 2.0), np.full((1, 1, 1, 1), 3.0), None, {})


@both
@some
@given(convolutions(1))
def test_conv1d(twin, case):
    judge(
        run(twin, "conv1d", *case.arrays, **case.settings), "conv1d", *case.arrays, **case.settings
    )


@both
@some
@given(convolutions(2))
@example(POINT)
def test_conv2d(twin, case):
    judge(
        run(twin, "conv2d", *case.arrays, **case.settings), "conv2d", *case.arrays, **case.settings
    )


@both
@few
@given(convolutions(3))
def test_conv3d(twin, case):
    judge(
        run(twin, "conv3d", *case.arrays, **case.settings), "conv3d", *case.arrays, **case.settings
    )


@both
@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "complex128"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_integers_and_complex_numbers_are_computed_exactly_as_torch_does(twin, dtype, n):
    generator = np.random.default_rng(n)
    x = generator.integers(-3, 4, (2, 4, 6, 5, 4)[: n + 2]).astype(dtype)
    weight = generator.integers(-3, 4, (6, 2, 3, 2, 1)[: n + 2]).astype(dtype)
    if dtype == "complex128":
        x, weight = x * (1 + 2j), weight * (2 - 1j)
    given_ = {"stride": 2, "padding": 1, "groups": 2}
    expected = getattr(F, f"conv{n}d")(tensor(x), tensor(weight), **given_).numpy()
    result = run(twin, f"conv{n}d", x, weight, **given_)
    assert result.dtype == expected.dtype
    np.testing.assert_array_equal(result, expected)


@both
@some
@given(transposed_convolutions())
def test_conv_transpose2d(twin, case):
    result = run(twin, "conv_transpose2d", *case.arrays, **case.settings)
    judge(result, "conv_transpose2d", *case.arrays, **case.settings)


@both
@some
@given(convolutions(2, words=False))
def test_unfold_and_fold(twin, case):
    # Here torch takes no tuple of one.
    kept = {
        name: tuple(np.broadcast_to(case.settings[name], 2).tolist())
        for name in ("dilation", "padding", "stride")
    }
    kernel_size = case.weight.shape[2:]
    columns = run(twin, "unfold", case.x, kernel_size, **kept)
    np.testing.assert_array_equal(
        columns, F.unfold(tensor(case.x), kernel_size, **kept).numpy(), strict=True
    )
    assert not np.shares_memory(columns, case.x)
    size = case.x.shape[-2:]
    judge(
        run(twin, "fold", columns, size, kernel_size, **kept),
        "fold", columns, size, kernel_size, **kept,
    )  # fmt: skip


@both
@pytest.mark.parametrize("n", [1, 2])
@some
@given(st.data())
def test_backward_is_what_autograd_gives_for_the_librarys_layer(twin, n, data):
    case = data.draw(convolutions(n))
    shape = library(f"conv{n}d", *case.arrays, **case.settings).shape
    grad_output = values(data.draw, shape, case.x.dtype)
    result = run(twin, f"conv{n}d_backward", grad_output, case.x, case.weight, **case.settings)
    expected = gradients(n, grad_output, case.x, case.weight, case.settings)
    magnitude = gradients(n, *map(np.abs, (grad_output, case.x, case.weight)), case.settings)
    for ours, wanted, size in zip(result, expected, magnitude, strict=True):
        assert ours.dtype == case.x.dtype
        close(ours, wanted, size)


def gradients(n, grad_output, x, weight, given_):
    """The gradients of x, weight and bias, from the library, in float64."""
    bias = np.zeros(len(weight))
    leaves = [torch.tensor(a, dtype=torch.double, requires_grad=True) for a in (x, weight, bias)]
    y = getattr(F, f"conv{n}d")(*leaves, **given_)
    return array(torch.autograd.grad(y, leaves, torch.tensor(grad_output, dtype=torch.double)))


@both
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("n", [1, 2])
@few
@given(st.data())
def test_convolve_is_scipys(twin, n, mode, data):
    sizes = st.tuples(*[st.integers(1, 6)] * n)
    shape, kernel_size = data.draw(sizes), data.draw(sizes)
    if mode == "valid":  # scipy takes the larger one for the picture; one must be
        differences = np.subtract(shape, kernel_size)
        assume(np.all(differences >= 0) or np.all(differences <= 0))
    dtype = data.draw(st.sampled_from(["float32", "float64"]))
    x, weight = values(data.draw, shape, dtype), values(data.draw, kernel_size, dtype)

    def judged(x, weight):
        judge_ = scipy.signal.convolve if n == 1 else scipy.signal.convolve2d
        return judge_(x.astype(np.float64), weight.astype(np.float64), mode)

    result = run(twin, f"convolve{n}d", x, weight, mode)
    assert result.dtype == dtype
    close(result, judged(x, weight), judged(np.abs(x), np.abs(weight)))


@both
@pytest.mark.parametrize("n", [1, 2, 3])
@few
@given(st.data())
def test_the_matrix_convolves_and_its_transpose_gives_the_input_gradient(twin, n, data):
    case = data.draw(convolutions(n))
    x = values(data.draw, case.x.shape[-n - 1 :], case.x.dtype)
    y = library(f"conv{n}d", x, case.weight, **case.settings)
    grad_output = values(data.draw, y.shape, x.dtype)
    matrix = run(twin, "conv_matrix", case.weight, x.shape[1:], **case.settings)
    assert tuple(matrix.shape) == (y.size, x.size)
    if twin is gpu:
        assert matrix.is_sparse and matrix.is_coalesced()
        product, back = matrix @ tensor(x.ravel()), matrix.T @ tensor(grad_output.ravel())
        product, back = product.numpy(), back.numpy()
    else:
        product, back = matrix @ x.ravel(), matrix.T @ grad_output.ravel()
    assert product.dtype == back.dtype == x.dtype
    magnitude = library(f"conv{n}d", np.abs(x), np.abs(case.weight), **case.settings)
    close(product.reshape(y.shape), y, magnitude)
    grad_x, _, _ = gradients(n, grad_output, x, case.weight, case.settings)
    sizes, _, _ = gradients(n, *map(np.abs, (grad_output, x, case.weight)), case.settings)
    close(back.reshape(x.shape), grad_x, sizes)


@both
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_torch_refuses_is_refused_and_nothing_else(twin, data):
    draw = data.draw
    n = draw(st.integers(1, 2))
    # No size is 0: with nothing to compute, torch lets nonsense pass, such as dilation 0.
    whole = st.integers(1, 4)
    x_shape = draw(st.lists(whole, min_size=n, max_size=n + 3))
    weight_shape = draw(st.lists(whole, min_size=n + 1, max_size=n + 3))
    if draw(st.booleans()):  # or hardly anything would fit
        x_shape = [draw(whole), *draw(st.tuples(*[whole] * (n + 1)))]
        weight_shape = [draw(whole), x_shape[1], *draw(st.tuples(*[whole] * n))]
    given_ = {
        "stride": draw(st.sampled_from([1, 1, 2, 0, (1,), (1, 2), (1, 1, 1)])),
        "padding": draw(st.sampled_from([0, 0, 1, -1, (1, 1), "same", "valid", "full"])),
        "dilation": draw(st.sampled_from([1, 1, 2, 0, (1, 2)])),
        "groups": draw(st.sampled_from([1, 1, 1, 0, 2, 3])),
    }
    x, weight = np.ones(x_shape), np.ones(weight_shape)
    try:
        expected = getattr(F, f"conv{n}d")(tensor(x), tensor(weight), **given_)
    except (RuntimeError, TypeError, ValueError):
        with pytest.raises(ValueError):
            run(twin, f"conv{n}d", x, weight, **given_)
    else:
        assert run(twin, f"conv{n}d", x, weight, **given_).shape == expected.shape


X, W, B = np.zeros((2, 4, 5, 6)), np.zeros((6, 2, 3, 2)), np.zeros(6)
T = np.zeros((4, 3, 3, 2))
REFUSED = {
    "rank of x": ("conv2d", (X[0, 0], W), {}, r"x must .*\(N, C_in, H, W\).*got \(5, 6\)"),
    "rank of weight": ("conv2d", (X, W[0]), {}, r"weight must .*got \(2, 3, 2\)"),
    "rank of weight 1": ("conv1d", (X[0], W), {}, r"weight must .*got \(6, 2, 3, 2\)"),
    "rank of weight 3": ("conv3d", (X, W), {}, r"weight must .*got \(6, 2, 3, 2\)"),
    "a list": ("conv2d", ([[1.0]], W), {}, r"x must be .*got list"),
    "channels": ("conv2d", (X, W), {}, r"weight must .* 4 / 1 = 4 channels.*\(6, 2, 3, 2\)"),
    "groups of x": ("conv2d", (X, W), {"groups": 3}, r"groups must divide the 4 .*got 3"),
    "groups of weight": ("conv2d", (X, W[:5]), {"groups": 2}, r"weight must .*groups = 2.*\(5, 2"),
    "no groups": ("conv2d", (X, W), {"groups": 0}, r"groups must be at least 1, got 0"),
    "bias": ("conv2d", (X, W, B[:5]), {"groups": 2}, r"bias must have shape \(6,\).*got \(5,\)"),
    "bias to broadcast": ("conv2d", (X, W, B[:1]), {"groups": 2}, r"bias must .*got \(1,\)"),
    "bias of two axes": ("conv2d", (X, W, B[:, None]), {"groups": 2}, r"bias must .*got \(6, 1\)"),
    "stride 0": ("conv2d", (X, W), {"groups": 2, "stride": (1, 0)}, r"stride must .*got \(1, 0\)"),
    "stride 1.5": ("conv2d", (X, W), {"groups": 2, "stride": 1.5}, r"stride must .*got 1\.5"),
    "padding": ("conv2d", (X, W), {"groups": 2, "padding": "full"}, r"padding must .*got 'full'"),
    "three": ("conv2d", (X, W), {"groups": 2, "dilation": (1, 1, 1)}, r"dilation must .*2 of them"),
    "same": (
        "conv2d", (X, W), {"groups": 2, "stride": 2, "padding": "same"},
        r'stride must be 1 with padding "same", got \(2, 2\)',
    ),
    "kernel": (
        "conv2d", (X, W), {"groups": 2, "dilation": 3},
        r"weight must fit in the padded input, \(5, 6\), .*\(3, 2\).*spans \(7, 4\)",
    ),
    "no channels": ("conv2d", (X[:, :0], W), {}, r"x must have at least 1 channel.*\(2, 0, 5, 6\)"),
    "dtype": ("conv2d", (X, W.astype("f4")), {"groups": 2}, r"weight must .*float64, got .*32"),
    "bool": ("conv2d", (X > 0, W > 0), {"groups": 2}, r"x must .*numbers, got bool"),
    "grad_output": (
        "conv2d_backward", (np.zeros((2, 6, 5, 6)), X, W), {"groups": 2},
        r"grad_output must have shape \(2, 6, 3, 5\).*got \(2, 6, 5, 6\)",
    ),
    "rank of grad_output": (
        "conv1d_backward", (B, X[:, :2, 0], W[:, :, 0]), {}, r"grad_output must .*got \(6,\)",
    ),
    "integer gradient": (
        "conv2d_backward", tuple(np.ones((1, 1, 1, 1), int) for _ in range(3)), {},
        r"x must have a floating-point dtype, got int64",
    ),
    "channels of T": ("conv_transpose2d", (X, W), {}, r"weight must have C_in = 4.*\(6, 2, 3, 2\)"),
    "groups of T": ("conv_transpose2d", (X, T), {"groups": 3}, r"groups must divide the 4 .*got 3"),
    "bias of T": ("conv_transpose2d", (X, T, B), {}, r"bias must have shape \(3,\).*got \(6,\)"),
    "same of T": ("conv_transpose2d", (X, T), {"padding": "same"}, r"padding must .*got 'same'"),
    "output_padding": (
        "conv_transpose2d", (X, T), {"stride": 2, "output_padding": 2},
        r"output_padding must be smaller .*2 here, got 2",
    ),
    "padding of T": (
        "conv_transpose2d", (X, T), {"padding": 4}, r"padding must .*got \(4, 4\).*\(-1, -1\)",
    ),
    "unfold": ("unfold", (X, 6), {}, r"kernel_size must fit .*\(5, 6\).*got a kernel of \(6, 6\)"),
    "unfold integers": ("unfold", (X.astype(int), 2), {}, r"x must .*floating-point.*int64"),
    "fold windows": ("fold", (X[:, :, 0], 3, 2), {}, r"x must have shape \(2, 4, 4\), one column"),
    "fold rows": ("fold", (X[0], 3, 2), {}, r"x must have a multiple of kH \* kW = 4 .*\(4, 5, 6"),
    "convolve mode": ("convolve1d", (B, B, "all"), {}, r"mode must be .*got 'all'"),
    "convolve rank": ("convolve2d", (B, X[0, 0]), {}, r"x must have shape \(H, W\), got \(6,\)"),
    "convolve empty": ("convolve1d", (B[:0], B), {}, r"x must .*at least 1, got \(0,\)"),
    "convolve dtype": ("convolve1d", (B, B.astype(int)), {}, r"weight must .*float64, got .*int64"),
    "convolve valid": (
        "convolve2d", (np.ones((2, 3)), np.ones((3, 2)), "valid"), {},
        r"mode \"valid\" needs .*got \(2, 3\) and \(3, 2\)",
    ),
    "matrix weight": ("conv_matrix", (X[0, 0], 3), {}, r"weight must .*got \(5, 6\)"),
    "matrix size": ("conv_matrix", (W, (5, 6, 7)), {}, r"input_size must .*2 of them.*\(5, 6, 7\)"),
    "matrix fit": ("conv_matrix", (W, (2, 6)), {}, r"weight must fit .*\(2, 6\)"),
}  # fmt: skip


@both
@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_in_one_sentence_that_names_it(twin, case):
    name, args, given_, message = case
    with pytest.raises(ValueError, match=f"^{message}") as refused:
        run(twin, name, *args, **given_)
    assert "\n" not in str(refused.value)


def test_a_twin_takes_its_own_arrays_alone():
    with pytest.raises(ValueError, match=r"x must be a numpy\.ndarray .*got torch\.Tensor"):
        reference.conv2d(torch.ones(1, 1, 2, 2), np.ones((1, 1, 1, 1)))
    with pytest.raises(ValueError, match=r"weight must be a torch\.Tensor .*got numpy\.ndarray"):
        gpu.conv2d(torch.ones(1, 1, 2, 2), np.ones((1, 1, 1, 1)))


PUBLIC = [
    name
    for name, value in vars(reference).items()
    if inspect.isfunction(value) and value.__module__ == reference.__name__ and name[0] != "_"
]


def plain_signature(function):
    """The arguments and their defaults, without types."""
    signature = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


@pytest.mark.parametrize("name", PUBLIC)
def test_twins_have_one_signature(name):
    if name != "conv2d_loops":  # the reference's alone: the definition
        assert plain_signature(getattr(reference, name)) == plain_signature(getattr(gpu, name))


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "conv3d", "conv_transpose2d"])
def test_arguments_stand_in_the_librarys_order_with_its_defaults(name):
    line = re.search(rf"{name}\((.*)\) -> Tensor", getattr(F, name).__doc__)[1]
    assert plain_signature(getattr(reference, name)) == f"({line})".replace("input", "x")


@pytest.mark.parametrize("name", ["unfold", "fold"])
def test_unfold_and_fold_take_the_librarys_arguments(name):
    ours, theirs = (inspect.signature(getattr(m, name)).parameters for m in (reference, F))
    assert [*ours] == ["x", *list(theirs)[1:]]
    assert [p.default for p in ours.values()] == [p.default for p in theirs.values()]
