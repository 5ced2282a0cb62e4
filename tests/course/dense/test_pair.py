"""Reference and twin agree with torch's own functions, and the scores with counting by hand."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from course.convolution.reference import conv_transpose2d
from course.dense import gpu, reference

SIZES = st.integers(1, 5)


def made(seed, n, k, h, w, ignored=0.2):
    rng = np.random.default_rng(seed)
    target = rng.integers(k, size=(n, h, w))
    target[rng.random((n, h, w)) < ignored] = 255
    target.flat[0] = 0
    return rng.normal(size=(n, k, h, w)), target, rng.uniform(0.5, 2, size=k)


@given(SIZES, SIZES, SIZES, SIZES, st.booleans(), st.integers(0, 9))
def test_the_loss_and_its_gradient_are_torchs(n, k, h, w, weighted, seed):
    z, t, weight = made(seed, n, k, h, w)
    z[0, 0] -= 1000  # hopeless, and finite
    weight = weight if weighted else None
    x, target = torch.from_numpy(z).requires_grad_(), torch.from_numpy(t)
    each = None if weight is None else torch.from_numpy(weight)
    loss = F.cross_entropy(x, target, each, ignore_index=255)
    (grad,) = torch.autograd.grad(loss, x)
    expected = loss.item()
    assert reference.cross_entropy(z, t, weight, 255) == pytest.approx(expected, rel=1e-10)
    assert gpu.cross_entropy(x, target, each, 255).item() == pytest.approx(expected, rel=1e-10)
    by_hand = reference.cross_entropy_backward(3.0, z, t, weight, 255)
    np.testing.assert_allclose(by_hand, 3 * grad, atol=1e-12)
    twin = gpu.cross_entropy_backward(3.0, x.detach(), target, each, 255)
    np.testing.assert_allclose(twin, 3 * grad, atol=1e-12)
    assert abs(by_hand.sum(1)).max() < 1e-10 and not by_hand[:, 0][t == 255].any()


@given(SIZES, SIZES, SIZES, st.integers(0, 9))
def test_the_scores_are_those_of_sets_of_pixels(n, k, h, seed):
    _, t, _ = made(seed, n, k, h, 4)
    s = np.random.default_rng(seed + 100).integers(k, size=t.shape)
    found = reference.intersection_over_union(s, t, k, 255)
    places = list(np.ndindex(t.shape))
    for c in range(k):
        said = {p for p in places if s[p] == c and t[p] != 255}
        right = {p for p in places if t[p] == c}
        if said | right:
            assert found[c] == len(said & right) / len(said | right)
        else:
            assert np.isnan(found[c])
    given_t, given_s = torch.from_numpy(t), torch.from_numpy(s)
    twin = gpu.intersection_over_union(given_s, given_t, k, 255)
    np.testing.assert_allclose(twin, found, rtol=1e-6)
    counts = reference.confusion(s, t, k, 255)
    np.testing.assert_array_equal(gpu.confusion(given_s, given_t, k, 255), counts)
    kept = t != 255
    assert reference.pixel_accuracy(s, t, k, 255) == (s == t)[kept].mean()


def test_counts_of_batches_add_up():
    rng = np.random.default_rng(0)
    s, t = rng.integers(3, size=(2, 6, 4, 5))
    parts = sum(reference.confusion(s[i : i + 2], t[i : i + 2], 3) for i in (0, 2, 4))
    whole = reference.intersection_over_union(s, t, 3)
    np.testing.assert_array_equal(reference.iou_of(parts), whole)


@given(SIZES, SIZES, SIZES, st.integers(1, 4), st.sampled_from(reference.MODES))
def test_growing_is_torchs(c, h, w, s, mode):
    x = np.random.default_rng(0).normal(size=(2, c, h, w))
    options = {"align_corners": False} if mode == "bilinear" else {}
    expected = F.interpolate(torch.from_numpy(x), scale_factor=s, mode=mode, **options)
    np.testing.assert_allclose(reference.interpolate(x, s, mode), expected, atol=1e-12)
    np.testing.assert_allclose(gpu.interpolate(torch.from_numpy(x), s, mode), expected, atol=1e-6)


@pytest.mark.parametrize("s", [2, 4, 6])
def test_the_bilinear_kernel_grows_as_interpolation_does_inside(s):
    x = np.random.default_rng(0).normal(size=(1, 1, 5, 6))
    y = conv_transpose2d(x, reference.bilinear_kernel(s), stride=s, padding=s // 2)
    inside = (slice(None), slice(None), slice(s, -s), slice(s, -s))
    expected = reference.interpolate(x, s, "bilinear")
    assert y.shape == expected.shape
    np.testing.assert_allclose(y[inside], expected[inside], atol=1e-12)


def test_unevenness():
    y = np.ones((2, 8, 8))
    y[:, 0] = 50  # the border does not count
    assert reference.unevenness(y) == 0
    y[0, 3, 3] = 3.0
    assert reference.unevenness(y) == pytest.approx((2 / (18 / 16) + 0) / 2)


@pytest.mark.parametrize("module", [reference, gpu])
def test_refusals(module):
    def array(values):
        return np.array(values) if module is reference else torch.tensor(values)

    z, t = array([[[[1.0]], [[2.0]]]]), array([[[1]]])
    with pytest.raises(ValueError, match="target must have shape"):
        module.cross_entropy(z, array([[1]]))
    with pytest.raises(ValueError, match="classes from 0 to 1, or 255 for none, got 2"):
        module.cross_entropy(z, array([[[2]]]), ignore_index=255)
    with pytest.raises(ValueError, match="a pixel that counts"):
        module.cross_entropy(z, array([[[255]]]), ignore_index=255)
    with pytest.raises(ValueError, match="weight must have shape"):
        module.cross_entropy(z, t, array([1.0]))
    with pytest.raises(ValueError, match="prediction must have shape"):
        module.confusion(array([1]), t, 2)
    with pytest.raises(ValueError, match="prediction must hold classes from 0 to 1"):
        module.confusion(array([[[2]]]), t, 2)
    with pytest.raises(ValueError, match="mode must be one of"):
        module.interpolate(z, 2, "cubic")
    with pytest.raises(ValueError, match="scale_factor must be at least 1"):
        module.interpolate(z, 0)


def test_an_odd_factor_has_no_bilinear_kernel():
    with pytest.raises(ValueError, match="must be even, got 3"):
        reference.bilinear_kernel(3)
