"""The pair agrees with torch's layers and with counting by hand; a converted net with its own."""

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from course.transfer import gpu, oquab, reference
from course.transfer.nets import fully_convolutional

SIZES = st.integers(1, 4)


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def public(module):
    """{name: function} of what a module defines."""
    found = inspect.getmembers(module, inspect.isfunction)
    return {name: f for name, f in found if f.__module__ == module.__name__ and name[0] != "_"}


@pytest.mark.parametrize("name", sorted(public(gpu).keys() & public(reference).keys()))
def test_a_twin_takes_what_its_reference_takes(name):
    twin, function = (inspect.signature(public(module)[name]) for module in (gpu, reference))
    # A twin that gets no tensor is told the device.
    assert [n for n in twin.parameters if n != "device"] == list(function.parameters)


@given(SIZES, SIZES, SIZES, st.tuples(SIZES, SIZES), st.integers(1, 3), st.tuples(SIZES, SIZES))
def test_scores_of_all_windows_are_those_of_the_linear_layer(n, c, k, kernel_size, stride, more):
    kh, kw = kernel_size
    x, weight, bias = draw(0, n, c, kh + more[0], kw + more[1]), draw(1, k, c * kh * kw), draw(2, k)
    expected = reference.scores_by_window(x, weight, bias, kernel_size, stride)
    first = F.linear(*map(torch.from_numpy, (x[:, :, :kh, :kw].reshape(n, -1), weight, bias)))
    np.testing.assert_allclose(expected[:, :, 0, 0], first)
    found = reference.scores_everywhere(x, weight, bias, kernel_size, stride)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    twin = gpu.scores_everywhere(*map(torch.from_numpy, (x, weight, bias)), kernel_size, stride)
    np.testing.assert_allclose(twin, expected, atol=1e-12)


boxes = st.lists(
    st.tuples(*[st.integers(0, 8)] * 2, *[st.integers(1, 6)] * 2), min_size=1, max_size=4
).map(np.array)


@given(boxes, boxes)
def test_shared_pixels_are_counted_one_by_one(boxes1, boxes2):
    def cells(box):
        top, left, height, width = box
        return {(r, c) for r in range(top, top + height) for c in range(left, left + width)}

    expected = [[len(cells(a) & cells(b)) for b in boxes2] for a in boxes1]
    assert reference.intersections(boxes1, boxes2).tolist() == expected
    tensors = torch.from_numpy(boxes1), torch.from_numpy(boxes2)
    assert gpu.intersections(*tensors).tolist() == expected


@given(boxes, boxes, st.integers(0, 9))
def test_labels_of_the_twin_are_the_references(patches, objects, background):
    classes = np.arange(len(objects)) % 3 + 10
    expected = reference.label_patches(patches, objects, classes, background)
    found = gpu.label_patches(*map(torch.from_numpy, (patches, objects, classes)), background)
    assert found.tolist() == expected.tolist()


def test_labels_at_the_borders_of_the_rule():
    patch = np.array([[0, 0, 10, 10]])

    def label(*objects):
        return reference.label_patches(patch, np.array(objects), np.arange(len(objects)), 9)[0]

    assert label((0, 4, 10, 10)) == 0  # just six tenths of the object
    # Just two tenths of a patch: 0.2 * 3 * 5 is a little more than 3 in floating point.
    small = np.array([[0, 0, 3, 5]]), np.array([[0, 0, 1, 3]]), np.array([7])
    assert (
        reference.label_patches(*small, 9) == gpu.label_patches(*map(torch.tensor, small), 9) == 7
    )
    assert label((0, 5, 10, 10)) == -1
    assert label((0, 0, 4, 5)) == 0  # just a fifth of the patch
    assert label((0, 0, 19, 1)) == -1  # a tenth of it
    assert label((0, 10, 10, 10)) == 9  # beside it
    assert label((0, 0, 10, 10), (9, 9, 5, 5)) == -1  # a pixel of another
    none = np.empty((0, 4), int)
    assert reference.label_patches(patch, none, np.empty(0, int), 9).tolist() == [9]
    empty = (torch.from_numpy(a) for a in (patch, none, np.empty(0, int)))
    assert gpu.label_patches(*empty, 9).tolist() == [9]


def test_patches_lie_on_a_grid():
    found = reference.patches(6, 9, 4, 2)
    assert found.tolist() == [[t, le, 4, 4] for t in (0, 2) for le in (0, 2, 4)]
    assert gpu.patches(6, 9, 4, 2).tolist() == found.tolist()


def test_a_converted_net_answers_as_the_classifier_for_each_window():
    torch.manual_seed(0)
    net = oquab.SourceNet().double()
    dense = fully_convolutional(net, (1, 8, 8))
    x = torch.rand(2, 1, 14, 18, dtype=torch.double)
    found = dense(x)
    assert found.shape == (2, 6, 4, 6)
    for i in range(4):
        for j in range(6):
            window = x[:, :, 2 * i : 2 * i + 8, 2 * j : 2 * j + 8]
            torch.testing.assert_close(found[:, :, i, j], net(window))
    # It is no copy: what the classifier learns later, the detector knows.
    with torch.no_grad():
        net.fc8.bias += 1
    torch.testing.assert_close(dense(x), found + 1)


@pytest.mark.parametrize(("module", "array"), [(reference, np.ones), (gpu, torch.ones)])
def test_refusals(module, array):
    with pytest.raises(ValueError, match="weight must have shape"):
        module.linear_as_conv2d(array((2, 12)), 2, (2, 2))
    with pytest.raises(ValueError, match="x must have shape"):
        module.scores_everywhere(array((3, 4)), array((2, 4)), array((2,)), 2)
    with pytest.raises(ValueError, match="size must be from 1 to 5"):
        module.patches(5, 7, 6, 1)
    with pytest.raises(ValueError, match="boxes1 must have shape"):
        module.intersections(array((2, 3)), array((2, 4)))
    with pytest.raises(ValueError, match="classes must have shape"):
        module.label_patches(array((2, 4)), array((3, 4)), array((2,)), 0)
    if module is reference:
        with pytest.raises(ValueError, match="kernel_size must be at most 3 x 4"):
            module.scores_by_window(array((1, 1, 3, 4)), array((1, 8)), array((1,)), (4, 2))
    else:
        with pytest.raises(ValueError, match="Flatten"):
            fully_convolutional(nn.Sequential(nn.Linear(3, 2)), (2, 4, 3))
