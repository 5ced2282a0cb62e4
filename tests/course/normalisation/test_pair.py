"""The pair gives torch's own numbers and gradients, and refuses what does not fit."""

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights

from course.normalisation import gpu, reference

SHAPES = [(5, 3), (4, 3, 5), (2, 3, 4, 5), (1, 3, 2, 2), (2, 3, 2, 3, 4)]


def public(module):
    """{name: function} of what a module defines."""
    found = inspect.getmembers(module, inspect.isfunction)
    return {name: f for name, f in found if f.__module__ == module.__name__ and name[0] != "_"}


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(2, 3, shape)


def tensors(*arrays):
    return [None if a is None else torch.tensor(a) for a in arrays]


def close(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other.detach().numpy(), atol=1e-10)


@pytest.mark.parametrize("name", sorted(public(reference)))
def test_a_twin_takes_what_its_reference_takes(name):
    twin, function = (inspect.signature(public(module)[name]) for module in (gpu, reference))
    assert list(twin.parameters) == list(function.parameters)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_and_its_running_statistics(shape, training, affine):
    x, mean, var = draw(0, *shape), draw(1, 3), draw(2, 3) ** 2
    learnt = (draw(3, 3), draw(4, 3)) if affine else (None, None)
    settings = {"training": training, "momentum": 0.3, "eps": 0.1}
    expected = tensors(mean, var)
    y = F.batch_norm(*tensors(x), *expected, *tensors(*learnt), **settings)
    kept, twins = (mean.copy(), var.copy()), tensors(mean, var)
    close([reference.batch_norm(x, *kept, *learnt, **settings), *kept], [y, *expected])
    twin = gpu.batch_norm(*tensors(x), *twins, *tensors(*learnt), **settings)
    close([twin, *twins], [y, *expected])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_backward_is_autograd(shape, training):
    x, g, mean, var, weight = (draw(i, *s) for i, s in enumerate([shape, shape, (3,), (3,), (3,)]))
    var = var**2
    inputs = [t.requires_grad_() for t in tensors(x, weight, np.zeros(3))]
    y = F.batch_norm(inputs[0], *tensors(mean, var), *inputs[1:], training=training)
    expected = torch.autograd.grad(y, inputs, *tensors(g))
    close(reference.batch_norm_backward(g, x, mean, var, weight, training), expected)
    found = gpu.batch_norm_backward(*tensors(g, x, mean, var, weight), training)
    close(found, expected)
    inputs = [t.requires_grad_() for t in tensors(x, weight, np.zeros(3))]
    y = gpu.batch_norm(inputs[0], *tensors(mean, var), *inputs[1:], training=training)
    close(torch.autograd.grad(y, inputs, *tensors(g)), expected)


def test_the_gradient_sums_to_zero_and_is_orthogonal_to_xh():
    x, g = draw(0, 4, 3, 5, 6), draw(1, 4, 3, 5, 6)
    grad_x, _, _ = reference.batch_norm_backward(g, x)
    xh, _ = reference.normalise(x, (0, 2, 3), 1e-5)
    assert abs(grad_x.sum((0, 2, 3))).max() < 1e-11
    assert abs((grad_x * xh).sum((0, 2, 3))).max() < 1e-3
    exact, _, _ = reference.batch_norm_backward(g, x, eps=0)
    assert abs((exact * xh).sum((0, 2, 3))).max() < 1e-10


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
@pytest.mark.parametrize("shape", [(2, 6, 4), (3, 6, 2, 5), (2, 6, 1, 2, 3)])
def test_group_norm_and_its_gradients(groups, shape):
    x, g, weight, bias = (draw(i, *s) for i, s in enumerate([shape, shape, (6,), (6,)]))
    inputs = [t.requires_grad_() for t in tensors(x, weight, bias)]
    y = F.group_norm(inputs[0], groups, *inputs[1:])
    close([reference.group_norm(x, groups, weight, bias)], [y])
    close([gpu.group_norm(*tensors(x), groups, *tensors(weight, bias))], [y])
    expected = torch.autograd.grad(y, inputs, *tensors(g))
    close(reference.group_norm_backward(g, x, groups, weight), expected)
    close(gpu.group_norm_backward(*tensors(g, x), groups, *tensors(weight)), expected)


def test_instance_and_layer_norm():
    x, weight, bias = draw(0, 2, 3, 4, 5), draw(1, 3), draw(2, 3)
    y = F.instance_norm(*tensors(x), weight=torch.tensor(weight), bias=torch.tensor(bias))
    close([reference.instance_norm(x, weight=weight, bias=bias)], [y])
    w, b = tensors(weight, bias)
    close([gpu.instance_norm(*tensors(x), weight=w, bias=b)], [y])
    for sizes in [(5,), (4, 5), (3, 4, 5)]:
        weight, bias = draw(3, *sizes), draw(4, *sizes)
        y = F.layer_norm(*tensors(x), sizes, *tensors(weight, bias))
        close([reference.layer_norm(x, sizes, weight, bias)], [y])
        close([gpu.layer_norm(*tensors(x), sizes, *tensors(weight, bias))], [y])


@pytest.mark.parametrize("kernel", [(), (3,), (3, 2), (2, 1, 3)])
@pytest.mark.parametrize("given", [True, False])
def test_fuse_conv_bn_weights(kernel, given):
    weight, mean, var = draw(0, 4, 3, *kernel), draw(1, 4), draw(2, 4) ** 2
    bias, gamma, beta = (draw(i, 4) if given else None for i in (3, 4, 5))
    args = tensors(weight, bias, mean, var), 0.1, tensors(gamma, beta)
    expected = fuse_conv_bn_weights(*args[0], args[1], *args[2])
    close(reference.fuse_conv_bn_weights(weight, bias, mean, var, 0.1, gamma, beta), expected)
    close(gpu.fuse_conv_bn_weights(*args[0], args[1], *args[2]), expected)


@pytest.mark.parametrize("module", [reference, gpu])
def test_what_does_not_fit_is_refused(module):
    def made(*shape):
        return draw(0, *shape) if module is reference else torch.tensor(draw(0, *shape))

    with pytest.raises(ValueError, match="more than one number for each channel"):
        module.batch_norm(made(1, 3), None, None, training=True)
    with pytest.raises(ValueError, match="must be given"):
        module.batch_norm(made(2, 3), None, None)
    with pytest.raises(ValueError, match="weight must have shape"):
        module.batch_norm(made(2, 3), None, None, made(2), training=True)
    with pytest.raises(ValueError, match="num_groups must divide 3"):
        module.group_norm(made(2, 3, 4), 2)
    with pytest.raises(ValueError, match="normalized_shape"):
        module.layer_norm(made(2, 3), (2,))
    with pytest.raises(ValueError, match="grad_output must have shape"):
        module.batch_norm_backward(made(2, 2), made(2, 3))
