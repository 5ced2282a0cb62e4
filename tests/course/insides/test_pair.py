"""The ways back agree with torch's own functions and gradients, and with each other."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from course.insides import gpu, measure, reference
from course.insides.nets import Net

SIZES = st.integers(1, 4)


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


@given(SIZES, SIZES, st.integers(2, 7), st.integers(2, 7))
def test_unpooling_is_torchs(n, c, h, w):
    x = torch.from_numpy(draw(0, n, c, h, w))
    pooled, indices = F.max_pool2d(x, 2, return_indices=True)
    expected = F.max_unpool2d(pooled, indices, 2, output_size=(h, w)).numpy()
    found = reference.max_unpool2d(pooled.numpy(), indices.numpy(), (h, w))
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(gpu.max_unpool2d(pooled, indices, (h, w)), expected)


def by_rule(rule):
    """torch's rectifier with another way back, as an autograd function."""

    class Rectifier(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx, grad_output):
            (x,) = ctx.saved_tensors
            given, sent = x.sign().clamp(min=0), grad_output.clamp(min=0)
            return {"gradient": grad_output * given, "deconvnet": sent, "guided": sent * given}[
                rule
            ]

    return Rectifier.apply


@pytest.mark.parametrize("rule", reference.RULES)
def test_a_stage_backwards_is_autograds_way_back(rule):
    x, weight = draw(0, 2, 3, 6, 8), draw(1, 4, 3, 3, 3)
    t, k = torch.from_numpy(x).requires_grad_(), torch.from_numpy(weight)
    output = F.max_pool2d(by_rule(rule)(F.conv2d(t, k, padding=1)), 2)
    g = torch.from_numpy(draw(2, *output.shape))
    (expected,) = torch.autograd.grad(output, t, g)
    done = reference.stage(x, weight)
    np.testing.assert_allclose(done.output, output.detach(), atol=1e-12)
    found = reference.stage_backward(g.numpy(), done, weight, rule)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    twin = gpu.stage_backward(g, gpu.stage(torch.from_numpy(x), k), k, rule)
    np.testing.assert_allclose(twin, expected, atol=1e-12)


@pytest.mark.parametrize("rule", reference.RULES)
def test_the_maps_of_a_net_go_back_by_the_rule_at_each_rectifier(rule):
    torch.manual_seed(0)
    net = Net().double().eval()
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
    x = torch.from_numpy(draw(3, 3, 1, 8, 8))
    classes = torch.tensor([1, 0, 7])
    t = x.clone().requires_grad_()
    h = t
    for module in net:
        h = by_rule(rule)(h) if isinstance(module, nn.ReLU) else module(h)
    (expected,) = torch.autograd.grad(h[range(3), classes].sum(), t)
    found = measure.saliency(net, x, classes, rule)
    torch.testing.assert_close(found, expected)
    # Nothing of the hooks stays.
    (plain,) = torch.autograd.grad(net(t).sum(), t)
    torch.testing.assert_close(plain, torch.autograd.grad(net(t).sum(), t)[0])
    assert all(not module._backward_hooks for module in net.modules())


def test_a_map_leaves_the_net_in_its_mode():
    net = Net()
    measure.saliency(net, torch.rand(2, 1, 8, 8), torch.tensor([0, 1]))
    measure.occlusion(net, torch.rand(1, 1, 8, 8), torch.tensor([0]))
    assert net.training and all(p.grad is None for p in net.parameters())


@given(SIZES, st.integers(3, 8), st.integers(3, 8), st.integers(1, 3), st.integers(1, 4))
def test_occluded_copies_differ_in_the_square_alone(c, h, w, size, stride):
    x = draw(0, c, h, w)
    copies = reference.occluded(x, size, stride, value=9.0)
    assert copies.shape[:2] == ((h - size) // stride + 1, (w - size) // stride + 1)
    for (i, j), hidden in np.ndenumerate(np.zeros(copies.shape[:2])):
        assert hidden == 0
        expected = x.copy()
        expected[:, stride * i : stride * i + size, stride * j : stride * j + size] = 9.0
        np.testing.assert_array_equal(copies[i, j], expected)
    twin = gpu.occluded(torch.from_numpy(x), size, stride, 9.0)
    np.testing.assert_array_equal(twin, copies)


@pytest.mark.parametrize(("size", "stride", "side"), [(4, 2, 16), (3, 2, 8), (2, 3, 9), (5, 5, 12)])
def test_the_occlusion_map_is_the_mean_drop_over_covering_squares(size, stride, side):
    torch.manual_seed(1)
    net = Net().eval()
    x, classes = torch.rand(2, 1, side, side), torch.tensor([3, 5])
    found = measure.occlusion(net, x, classes, size, stride)
    for picture, label, one in zip(x, classes, found, strict=True):
        copies = reference.occluded(picture.numpy(), size, stride)
        flat = torch.from_numpy(copies.reshape(-1, *picture.shape))
        with torch.no_grad():
            before = net(picture[None]).softmax(1)[0, label]
            drops = (before - net(flat).softmax(1)[:, label]).reshape(copies.shape[:2])
        expected = reference.occlusion_map(drops.numpy(), (side, side), size, stride)
        np.testing.assert_allclose(one, expected, atol=1e-6)


def test_the_share_in_a_box():
    values = np.zeros((4, 5))
    values[1, 2], values[3, 4], values[0, 0] = -3, 1, 4
    assert reference.share_in_box(values, (1, 1, 3, 4)) == 0.5
    assert reference.share_in_box(np.zeros((4, 5)), (0, 0, 2, 2)) == 0


@pytest.mark.parametrize("module", [reference, gpu])
def test_refusals(module):
    def ones(*shape):
        return np.ones(shape) if module is reference else torch.ones(shape)

    with pytest.raises(ValueError, match="rule must be one of"):
        module.relu_backward(ones(2), ones(2), "guess")
    with pytest.raises(ValueError, match="shape"):
        module.relu_backward(ones(2), ones(3))
    with pytest.raises(ValueError, match="size must be at most 3"):
        module.occluded(ones(1, 3, 4), 4, 1)
    with pytest.raises(ValueError, match="indices must have shape"):
        module.max_unpool2d(ones(1, 1, 2, 2), ones(1, 1, 2, 3), (4, 4))
    with pytest.raises(ValueError, match="x must have shape"):
        module.occluded(ones(3, 4), 2, 1)
    if module is gpu:
        with pytest.raises(ValueError, match="rule must be one of"):
            measure.saliency(Net(), torch.rand(1, 1, 8, 8), torch.tensor([0]), "guess")
