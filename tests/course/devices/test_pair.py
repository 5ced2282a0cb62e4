"""The references are the library's own results for the whole, and the twins are the references."""

import inspect
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from course.devices import gpu, reference

SIZES = st.integers(1, 5)


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def tensors(arrays):
    return [torch.from_numpy(array) for array in arrays]


@pytest.mark.parametrize(
    "name", ["average_gradients", "ring_all_reduce", "split_conv2d", "sync_batch_norm"]
)
def test_a_twin_takes_what_its_reference_takes(name):
    twin, function = (inspect.signature(getattr(module, name)) for module in (gpu, reference))
    assert list(twin.parameters) == list(function.parameters)


@given(st.integers(1, 40), st.integers(1, 8))
def test_shards_are_nearly_equal_and_leave_nobody_out(count, devices):
    if devices > count:
        with pytest.raises(ValueError, match="devices must be from 1"):
            reference.shard_sizes(count, devices)
        return
    sizes = reference.shard_sizes(count, devices)
    assert [len(part) for part in np.array_split(np.arange(count), devices)] == sizes


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_the_averaged_gradient_is_that_of_the_whole_batch(counts):
    x, y, w = draw(0, sum(counts), 3), draw(1, sum(counts)), draw(2, 3)

    def gradient(rows):
        return 2 * x[rows].T @ (x[rows] @ w - y[rows]) / len(x[rows])

    ends = np.cumsum(counts)
    parts = [gradient(slice(end - n, end)) for n, end in zip(counts, ends, strict=True)]
    expected = gradient(slice(None))
    np.testing.assert_allclose(reference.average_gradients(parts, counts), expected, atol=1e-12)
    np.testing.assert_allclose(gpu.average_gradients(tensors(parts), counts), expected, atol=1e-12)


@pytest.mark.parametrize("module", [reference, gpu])
def test_counts_that_do_not_fit_are_refused(module):
    gradients = tensors([np.ones(2)] * 2)
    for counts in ([1], [0, 0]):
        with pytest.raises(ValueError, match="counts must have a number for each of 2 devices"):
            module.average_gradients(gradients, counts)


@given(SIZES, st.integers(0, 3), st.integers(1, 7))
def test_the_ring_sums(devices, rows, columns):
    values = list(draw(0, devices, rows, columns))
    for found in (reference.ring_all_reduce(values), gpu.ring_all_reduce(tensors(values))):
        assert len(found) == devices
        for each in found:
            np.testing.assert_allclose(each, sum(values), atol=1e-12)


@given(st.integers(2, 6))
def test_each_step_moves_one_chunk_of_each_device_to_the_next(devices):
    values = list(draw(0, devices, devices))
    states = reference.ring_steps(values)
    assert len(states) == 2 * (devices - 1) + 1
    for before, after in pairwise(states):
        moved = [
            [chunk for chunk in range(devices) if before[d][chunk] != after[d][chunk]]
            for d in range(devices)
        ]
        assert all(len(chunks) <= 1 for chunks in moved)
    halfway = states[devices - 1]
    for d in range(devices):
        np.testing.assert_allclose(
            halfway[d][(d + 1) % devices], sum(v[(d + 1) % devices] for v in values)
        )
    assert np.array_equal(values, draw(0, devices, devices))  # what came in is left as it was


@pytest.mark.parametrize("module", [reference, gpu])
def test_a_ring_of_unequal_arrays_is_refused(module):
    with pytest.raises(ValueError, match="one shape"):
        module.ring_all_reduce(tensors([np.ones(2), np.ones(3)]))
    with pytest.raises(ValueError, match="one shape"):
        module.ring_all_reduce([])


def test_the_cost_of_a_ring_by_hand():
    # 4 devices, 40 bytes each, 10 bytes a second, 1 s latency: 6 steps of 1 s + 1 s.
    assert reference.ring_seconds(40, 4, 10, 1) == 12
    assert reference.ring_seconds(40, 1, 10, 1) == 0
    assert reference.speed_up(8, 40, 4, 10, 1) == 8 / (2 + 12)
    assert reference.sent_bytes(100, 10, 5, 2) == (400, 200)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.sampled_from([(), (3,), (2, 3)]))
def test_synchronised_batch_norm_is_that_of_the_whole_batch(counts, places):
    if sum(counts) * int(np.prod(places)) < 2:
        return  # torch refuses a single number for each channel
    x, (weight, bias) = draw(0, sum(counts), 5, *places), draw(1, 2, 5)
    expected = F.batch_norm(*tensors([x]), None, None, *tensors([weight, bias]), training=True)
    shards = np.split(x, np.cumsum(counts)[:-1])
    found = reference.sync_batch_norm(shards, weight, bias)
    twins = gpu.sync_batch_norm(tensors(shards), *tensors([weight, bias]))
    np.testing.assert_allclose(np.concatenate(found), expected, atol=1e-10)
    np.testing.assert_allclose(torch.cat(twins), expected, atol=1e-10)
    plain = np.concatenate(reference.sync_batch_norm(shards))
    np.testing.assert_allclose(
        plain, F.batch_norm(*tensors([x]), None, None, training=True), atol=1e-10
    )


@given(st.integers(1, 3), st.sampled_from([1, 2]), st.booleans(), st.sampled_from([1, 2]))
def test_split_convolutions_side_by_side_are_the_convolution(devices, stride, grouped, times):
    groups = devices * times if grouped else 1
    x, weight = draw(0, 2, 2 * groups, 6, 7), draw(1, 2 * devices * times, 2, 3, 2)
    bias, options = draw(2, len(weight)), {"stride": stride, "padding": (1, 0), "groups": groups}
    expected = F.conv2d(*tensors([x, weight, bias]), **options)
    found = reference.split_conv2d(x, weight, bias, devices=devices, **options)
    twins = gpu.split_conv2d(*tensors([x, weight, bias]), devices=devices, **options)
    assert len(found) == len(twins) == devices
    np.testing.assert_allclose(np.concatenate(found, 1), expected, atol=1e-10)
    np.testing.assert_allclose(torch.cat(twins, 1), expected, atol=1e-10)


@pytest.mark.parametrize("module", [reference, gpu])
def test_what_cannot_be_dealt_out_is_refused(module):
    x, weight = (torch.zeros(1, 6, 3, 3), torch.zeros(6, 2, 1, 1))
    if module is reference:
        x, weight = x.numpy(), weight.numpy()
    with pytest.raises(ValueError, match="6 output channels cannot be split over 4 devices"):
        module.split_conv2d(x, weight, groups=3, devices=4)
    with pytest.raises(ValueError, match="groups must be 1 or a multiple of devices, 2, got 3"):
        module.split_conv2d(x, weight, groups=3, devices=2)
