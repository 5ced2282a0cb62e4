"""The NumPy block and the Jacobians against torch's autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course.residual import gpu, reference

LAYOUT = st.fixed_dictionaries(
    {
        "n": st.integers(1, 3),
        "c": st.integers(1, 3),
        "c_mid": st.integers(1, 4),
        "more": st.integers(0, 2),
        "size": st.tuples(st.integers(2, 7), st.integers(2, 6)),
        "kernel": st.sampled_from([1, 3, (3, 1)]),
        "stride": st.sampled_from([1, 2, (2, 1)]),
        "project": st.booleans(),
        "activation": st.sampled_from(["post", "pre"]),
        "seed": st.integers(0, 2**16),
    }
)


def draw(layout, dtype=np.float64):
    """The arguments of a block, of sizes that all differ."""
    rng = np.random.default_rng(layout["seed"])
    kernel = layout["kernel"]
    k = (kernel, kernel) if isinstance(kernel, int) else kernel
    c, c_mid, c_out = layout["c"], layout["c_mid"], layout["c"] + layout["more"]
    shapes = [
        (layout["n"], c, *layout["size"]),
        (c_mid, c, *k),
        (c_out, c_mid, *k),
        (c_out, c, 1, 1),
    ]
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    if not layout["project"]:
        arrays[3] = None
    return arrays, layout["stride"], layout["activation"]


def judge(x, weight1, weight2, weight_shortcut, stride, activation):
    """The block as torch's layers give it."""
    paddings = [[k // 2 for k in w.shape[2:]] for w in (weight1, weight2)]
    f = F.conv2d(F.relu(x) if activation == "pre" else x, weight1, None, stride, paddings[0])
    f = F.conv2d(F.relu(f), weight2, None, 1, paddings[1])
    if weight_shortcut is None:
        # A projection whose weight is a Dirac kernel copies channels and adds zero ones.
        weight_shortcut = torch.eye(len(weight2), x.shape[1], dtype=x.dtype)[:, :, None, None]
    y = f + F.conv2d(x, weight_shortcut, None, stride)
    return F.relu(y) if activation == "post" else y


@settings(deadline=None, max_examples=60)
@given(layout=LAYOUT)
def test_block_and_its_gradients(layout):
    arrays, stride, activation = draw(layout)
    tensors = [None if a is None else torch.tensor(a, requires_grad=True) for a in arrays]
    expected = judge(*tensors, stride, activation)
    got = reference.residual_block(*arrays, stride, activation)
    np.testing.assert_allclose(got, expected.detach(), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(
        gpu.residual_block(*tensors, stride, activation).detach(), got, rtol=1e-10, atol=1e-10
    )

    grad_output = np.random.default_rng(1).standard_normal(got.shape)
    given = [t for t in tensors if t is not None]
    wanted = torch.autograd.grad(expected, given, torch.tensor(grad_output))
    grads = reference.residual_block_backward(grad_output, *arrays, stride, activation)
    assert (grads[3] is None) == (arrays[3] is None)
    for ours, theirs in zip([g for g in grads if g is not None], wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_float32_stays_float32_and_inputs_stay_as_they_are():
    layout = {"n": 2, "c": 2, "c_mid": 3, "more": 1, "size": (6, 5), "kernel": 3, "stride": 2}
    for activation in ("post", "pre"):
        arrays, *rest = draw(
            {**layout, "project": False, "activation": activation, "seed": 0}, np.float32
        )
        copies = [None if a is None else a.copy() for a in arrays]
        y = reference.residual_block(*arrays, *rest)
        grads = reference.residual_block_backward(np.ones_like(y), *arrays, *rest)
        assert {a.dtype for a in (y, *grads[:3])} == {np.dtype(np.float32)}
        for array, copy in zip(arrays[:3], copies[:3], strict=True):
            np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("activation", ["post", "pre"])
def test_with_zero_weights_a_block_copies_and_the_gradient_passes_unchanged(activation):
    x = np.random.default_rng(0).random((2, 3, 4, 5)) + 0.1
    zeros = np.zeros((3, 3, 3, 3))
    np.testing.assert_array_equal(
        reference.residual_block(x, zeros, zeros, activation=activation), x
    )
    grad_output = np.random.default_rng(1).standard_normal(x.shape)
    grad_x, *_ = reference.residual_block_backward(
        grad_output, x, zeros, zeros, activation=activation
    )
    np.testing.assert_array_equal(grad_x, grad_output)


def test_option_a_takes_every_second_pixel_and_adds_zero_channels():
    x = np.arange(30.0).reshape(1, 2, 3, 5)
    s = reference.shortcut(x, 3, stride=2)
    np.testing.assert_array_equal(s[0, 0], [[0, 2, 4], [10, 12, 14]])
    np.testing.assert_array_equal(s[0, 1], [[15, 17, 19], [25, 27, 29]])
    np.testing.assert_array_equal(s[0, 2], np.zeros((2, 3)))


@settings(deadline=None, max_examples=40)
@given(
    depth=st.integers(1, 8),
    width=st.integers(1, 6),
    shortcut=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_jacobian_product_is_autograds(depth, width, shortcut, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(width)
    weights = rng.standard_normal((depth, width, width)) / np.sqrt(width)
    states = reference.stack(x, weights, shortcut)
    products = reference.jacobian_product(x, weights, shortcut)
    assert states.shape == (depth + 1, width) and products.shape == (depth + 1, width, width)
    tensors = torch.tensor(weights)

    def rest(first):
        """The layers from one on, as a function."""

        def f(state):
            for weight in tensors[first:]:
                new = F.relu(F.linear(state, weight))
                state = state + new if shortcut else new
            return state

        return f

    np.testing.assert_allclose(states[-1], rest(0)(torch.tensor(x)), rtol=1e-10, atol=1e-12)
    for i in range(depth + 1):
        wanted = torch.autograd.functional.jacobian(rest(i), torch.tensor(states[i]))
        np.testing.assert_allclose(products[i], wanted, rtol=1e-9, atol=1e-10)
    twin = gpu.jacobian_product(torch.tensor(x), tensors, shortcut)
    np.testing.assert_allclose(twin, products, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(gpu.stack(torch.tensor(x), tensors, shortcut), states, rtol=1e-10)


def test_a_shortcut_keeps_the_product_from_vanishing():
    """Weights half as large as He's: about 2^-L without shortcuts, above 1 with them."""
    rng = np.random.default_rng(0)
    width, depth = 16, 40
    weights = rng.standard_normal((depth, width, width)) * np.sqrt(2 / width) / 2
    x = rng.standard_normal(width)
    plain = np.linalg.norm(reference.jacobian_product(x, weights)[0], 2)
    residual = np.linalg.norm(reference.jacobian_product(x, weights, shortcut=True)[0], 2)
    assert plain < 1e-6
    assert residual > 1


@pytest.mark.parametrize(
    ("depth", "layers"),
    [
        (18, (1, 4, 4, 4, 4, 1)),
        (34, (1, 6, 8, 12, 6, 1)),
        (50, (1, 9, 12, 18, 9, 1)),
        (101, (1, 9, 12, 69, 9, 1)),
        (152, (1, 9, 24, 108, 9, 1)),
    ],
)
def test_layers_by_stage(depth, layers):
    # He et al. (2015), table 1.
    assert reference.layers_by_stage(depth) == layers
    assert sum(layers) == depth


X, W = np.ones((1, 2, 4, 4)), np.ones((2, 2, 3, 3))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: reference.residual_block(X, W, W, activation="both"), "activation"),
        (lambda: reference.residual_block(X[0], W, W), "x must have shape"),
        (lambda: reference.residual_block(X, W[:, :, :2], W), "weight1"),
        (lambda: reference.residual_block(X, W, W[0]), "weight2"),
        (lambda: reference.residual_block(X, W, W.astype(np.float32)), "weight2"),
        (lambda: reference.residual_block(X, W, W[:1]), "out_channels"),
        (lambda: reference.residual_block(X, W, W, np.ones((2, 3, 1, 1))), "weight_shortcut"),
        (lambda: reference.residual_block(X, W, W, stride=0), "stride"),
        (lambda: reference.residual_block_backward(X[:, :1], X, W, W), "grad_output"),
        (lambda: reference.stack(X, W), "x must have shape"),
        (lambda: reference.jacobian_product(np.ones(3), np.ones((4, 2, 3))), "weights"),
        (lambda: reference.layers_by_stage(20), "depth"),
        (lambda: gpu.residual_block(*map(torch.tensor, (X, W, W)), activation="both"), "activa"),
        (lambda: gpu.residual_block(*map(torch.tensor, (X, W[:, :, :2], W))), "weight1"),
        (lambda: gpu.shortcut(torch.tensor(X), 1), "out_channels"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
