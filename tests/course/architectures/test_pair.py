"""The pair gives torch's own numbers, one gradient each, and refuses what does not fit."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course.architectures import gpu, reference

SIZES = st.integers(1, 5)
ODD = st.sampled_from([1, 3, 5])


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def same(expected, function, *arrays, **settings):
    """The reference and the twin both give `expected`."""
    reads = [torch.from_numpy(a) if isinstance(a, np.ndarray) else tensors(a) for a in arrays]
    np.testing.assert_allclose(
        getattr(reference, function)(*arrays, **settings), expected, atol=1e-12
    )
    twin = getattr(gpu, function)(*reads, **settings)
    np.testing.assert_allclose(twin, expected, atol=1e-12)


def tensors(weights):
    return {name: torch.from_numpy(weight) for name, weight in weights.items()}


@given(SIZES, SIZES, SIZES, SIZES, SIZES)
def test_pointwise_is_a_1x1_convolution(n, c, o, h, w):
    x, weight = draw(0, n, c, h, w), draw(1, o, c)
    expected = F.conv2d(torch.from_numpy(x), torch.from_numpy(weight)[..., None, None])
    same(expected.numpy(), "pointwise_conv2d", x, weight)


@given(SIZES, SIZES, SIZES, SIZES, SIZES, ODD, ODD)
def test_depthwise_then_pointwise(n, c, o, h, w, p, q):
    x, depthwise, pointwise = draw(0, n, c, h, w), draw(1, c, p, q), draw(2, o, c)
    each = F.conv2d(
        torch.from_numpy(x),
        torch.from_numpy(depthwise)[:, None],
        padding=(p // 2, q // 2),
        groups=c,
    )
    expected = F.conv2d(each, torch.from_numpy(pointwise)[..., None, None])
    same(expected.numpy(), "depthwise_separable_conv2d", x, depthwise, pointwise)


def test_separable_is_one_convolution_whose_kernels_are_products():
    # sum over c of pointwise[o, c] * depthwise[c] is a kernel of rank one in (o, c).
    x, depthwise, pointwise = draw(0, 2, 3, 6, 5), draw(1, 3, 3, 5), draw(2, 4, 3)
    whole = np.einsum("oc,cpq->ocpq", pointwise, depthwise)
    expected = F.conv2d(torch.from_numpy(x), torch.from_numpy(whole), padding=(1, 2))
    same(expected.numpy(), "depthwise_separable_conv2d", x, depthwise, pointwise)


def module_weights(c, naive=False, seed=0):
    sizes = {"1x1": (4, c, 1, 1), "3x3": (3, c, 3, 3), "5x5": (2, c, 5, 5)}
    if not naive:
        sizes |= {"3x3 reduce": (5, c, 1, 1), "3x3": (3, 5, 3, 3)}
        sizes |= {"5x5 reduce": (1, c, 1, 1), "5x5": (2, 1, 5, 5), "pool proj": (6, c, 1, 1)}
    return {name: draw(seed + i, *size) for i, (name, size) in enumerate(sizes.items())}


@pytest.mark.parametrize("naive", [False, True])
@settings(max_examples=20)
@given(SIZES, SIZES, SIZES, SIZES)
def test_inception_is_four_branches_of_torch(naive, n, c, h, w):
    x, weights = draw(9, n, c, h, w), module_weights(c, naive)
    t, k = torch.from_numpy(x), tensors(weights)

    def conv(x, name):
        return F.conv2d(x, k[name], padding=k[name].shape[-1] // 2).relu() if name in k else x

    pooled = F.max_pool2d(t, 3, 1, 1)
    branches = [conv(t, "1x1"), conv(conv(t, "3x3 reduce"), "3x3")]
    branches += [conv(conv(t, "5x5 reduce"), "5x5"), conv(pooled, "pool proj")]
    same(torch.cat(branches, 1).numpy(), "inception", x, weights)


def test_a_naive_module_keeps_all_channels_of_the_pooling():
    x = draw(0, 1, 7, 4, 4)
    assert reference.inception(x, module_weights(7, naive=True)).shape[1] == 4 + 3 + 2 + 7
    assert reference.inception(x, module_weights(7)).shape[1] == 4 + 3 + 2 + 6


@given(SIZES, SIZES, SIZES, SIZES, SIZES, ODD)
def test_grid_reduction_is_a_convolution_beside_a_pooling(n, c, o, h, w, k):
    x, weight = draw(0, n, c, h, w), draw(1, o, c, k, k)
    t = torch.from_numpy(x)
    convolved = F.conv2d(t, torch.from_numpy(weight), stride=2, padding=k // 2).relu()
    expected = torch.cat([convolved, F.max_pool2d(t, 3, 2, 1)], 1)
    same(expected.numpy(), "grid_reduction", x, weight)


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        ("pointwise_conv2d", [(2, 3, 4, 5), (2, 3)]),
        ("depthwise_separable_conv2d", [(1, 2, 4, 5), (2, 3, 1), (3, 2)]),
        ("grid_reduction", [(1, 2, 4, 5), (2, 2, 3, 3)]),
    ],
)
def test_gradients_of_the_twins(function, shapes):
    arrays = [torch.from_numpy(draw(i, *s)).requires_grad_() for i, s in enumerate(shapes)]
    assert torch.autograd.gradcheck(getattr(gpu, function), arrays)


@pytest.mark.parametrize("module", [reference, gpu])
def test_refusals(module):
    def array(*shape, dtype=float):
        return np.ones(shape, dtype) if module is reference else torch.ones(shape).double()

    with pytest.raises(ValueError, match="3 columns"):
        module.pointwise_conv2d(array(1, 3, 2, 2), array(4, 2))
    with pytest.raises(ValueError, match="weight must have shape"):
        module.pointwise_conv2d(array(1, 3, 2, 2), array(4, 3, 1, 1))
    with pytest.raises(ValueError, match="3 kernels"):
        module.depthwise_separable_conv2d(array(1, 3, 2, 2), array(2, 3, 3), array(4, 3))
    with pytest.raises(ValueError, match="odd"):
        module.grid_reduction(array(1, 3, 2, 2), array(2, 3, 2, 2))
    with pytest.raises(ValueError, match="1x1, 3x3, 5x5"):
        module.inception(array(1, 3, 2, 2), {"1x1": array(1, 3, 1, 1)})
    with pytest.raises(ValueError, match=r"got .*7x7"):
        weights = {name: array(1, 3, int(name[0]), int(name[0])) for name in ("1x1", "3x3", "5x5")}
        module.inception(array(1, 3, 2, 2), weights | {"7x7": array(1, 3, 7, 7)})


def test_a_stack_of_small_kernels_has_fewer_weights():
    # Simonyan and Zisserman (2014), section 2.3: 27 C^2 against 49 C^2, 81 % more.
    assert reference.stack_weights(5, 10) == (2500, 1800)
    one, stack = reference.stack_weights(7, 4)
    assert (one, stack) == (49 * 16, 27 * 16) and round(100 * (one / stack - 1)) == 81
    with pytest.raises(ValueError, match="multiple"):
        reference.stack_weights(6, 3)
