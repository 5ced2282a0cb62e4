"""What crosses between candidate and examiner: plain data as it was, and nothing else."""

import json
import math
import os
import socket
import threading

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.processes import channel
from autograder.processes.channel import Broken, Channel, OutOfTime, Unsendable, decode, encode

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(st.characters())
    | st.complex_numbers()
    | st.binary(max_size=20)
)
KEYS = st.text(max_size=5) | st.integers() | st.booleans() | st.none()
ARRAYS = arrays.arrays(
    st.sampled_from(sorted(channel.NUMBERS)),
    arrays.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=4),
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def crossed(value):
    header, buffers = encode(value)
    return decode(header, b"".join(buffers))


def same(one, other):
    """Equal in type and value, not-a-numbers included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (np.ndarray, np.generic)):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and all(map(same, one.items(), other.items()))
    if isinstance(one, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    return one == other


@given(VALUES)
@settings(deadline=None, max_examples=150)
def test_plain_data_come_as_they_were(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize(
    "value",
    [
        {1, "a"},
        range(1, 9, 2),
        slice(None, 3),
        ...,
        torch.float32,
        torch.device("cpu"),
        np.float32(1.5),
        np.True_,
    ],
)
def test_what_else_is_plain(value):
    assert crossed(value) == value and type(crossed(value)) is type(value)


@pytest.mark.parametrize("dtype", sorted(channel.TENSORS))
def test_tensors(dtype):
    value = torch.arange(6).reshape(2, 3).to(getattr(torch, dtype)).t()
    found = crossed(value)
    assert found.dtype == value.dtype and found.shape == value.shape and torch.equal(found, value)


def test_parameters_and_gradients():
    found = crossed(torch.nn.Linear(2, 3).weight)
    assert type(found) is torch.nn.Parameter and found.requires_grad
    assert crossed(torch.ones(2, requires_grad=True)).requires_grad
    assert crossed(torch.empty(3, 10**12, device="meta")).shape == (3, 10**12)


def test_an_array_is_a_copy_and_no_subclass():
    value = np.arange(6.0).reshape(2, 3)[:, ::-1]
    found = crossed(value)
    assert np.array_equal(found, value) and found.flags.owndata and found.flags.writeable
    assert type(crossed(np.arange(3, dtype=">f8"))) is np.ndarray


class Sneaky(np.ndarray):
    """Equal to everything."""

    def __eq__(self, other):
        return True


@pytest.mark.parametrize(
    "value",
    [
        object(),
        print,
        lambda: 0,
        type("Int", (int,), {})(3),
        np.ones(3).view(Sneaky),
        np.array([object()]),
        torch.ones(2, 2).to_sparse(),
        torch,
        np.zeros(2, "U3"),
        10**5000,
        np.broadcast_to(0.0, (10**12,)),
        torch.zeros(1).expand(10**12),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_data_does_not_cross(value):
    with pytest.raises(Unsendable):
        encode(value)


def test_depth_and_loops_are_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(Unsendable):
        encode(loop)


HOSTILE = [
    b"",
    b"{}",
    b"nonsense",
    b"\xff\xfe",
    b"[]",
    b'["pickle", "x"]',
    b'["__init__"]',
    b'["decoded", 1]',
    b'["take", 1]',
    b'["numbers", "float64", [1]]',
    b'["list"]',
    b'["list", 3]',
    b'["list", {"a": 1}]',
    b'["dict", [[["list", []], 1]]]',
    b'["dict", [[1]]]',
    b'["dict", [[1, 2, 3]]]',
    b'["set", [["list", []]]]',
    b'["array", "object", [1]]',
    b'["array", "O", [1]]',
    b'["array", "float64,float64", [1]]',
    b'["array", ["float64"], [1]]',
    b'["array", "float64", [2]]',
    b'["array", "float64", [-1]]',
    b'["array", "float64", [1.0]]',
    b'["array", "float64", [true]]',
    b'["array", "float64", "1"]',
    b'["array", "float64", [4294967296, 4294967296]]',
    b'["array", "float64", [1099511627776, 0]]',
    b'["array", "float64", [' + b"1," * 40 + b"1]]",
    b'["scalar", "datetime64"]',
    b'["bytes", 9]',
    b'["bytes", -1]',
    b'["bytes", true]',
    b'["tensor", "float32", "cpu", [2], 1, 0]',
    b'["tensor", "quint8", "cpu", [1], false, false]',
    b'["tensor", "int64", "cpu", [1], true, false]',
    b'["tensor", "float32", "vulkan", [1], false, false]',
    b'["tensor", "float32", "meta", [1e9], false, false]',
    b'["device", "cpu:x"]',
    b'["device", 3]',
    b'["dtype", "__class__"]',
    b'["range", [0, 1, 0]]',
    b'["complex", "a", 1]',
    b'["object", [0]]',
    b'["list", ' * 200 + b"1" + b"]" * 200,
    b"[" * 100_000,
    b"1" * 5000,
]


@pytest.mark.parametrize("header", HOSTILE, ids=lambda header: str(header[:40]))
def test_a_hostile_message_is_broken_and_nothing_else(header):
    with pytest.raises(Broken):
        decode(header, b"\0" * 8)


@given(
    st.recursive(
        SCALARS.filter(lambda v: not isinstance(v, (bytes, complex)))
        | st.sampled_from(sorted(channel.TAGS)),
        lambda inner: st.lists(inner, max_size=5),
        max_leaves=20,
    ),
    st.binary(max_size=32),
)
@settings(deadline=None, max_examples=300)
def test_any_message_gives_plain_data_or_is_broken(tree, content):
    try:
        value = decode(json.dumps(tree).encode(), content)
    except Broken:
        return
    encode(value)  # raises where it is anything but plain data


def test_a_boolean_is_zero_or_one():
    value = decode(b'["array", "bool", [3]]', b"\x00\x07\xff")
    assert value.view(np.uint8).tolist() == [0, 1, 1]


@pytest.fixture
def ends():
    one, other = channel.pair()
    yield Channel(one), other
    one.close()
    other.close()


def test_there_and_back(ends):
    ours, theirs = ends
    value = {"x": np.arange(300_000.0), "name": "ü"}
    thread = threading.Thread(target=ours.send, args=(value, 5))
    thread.start()
    found = Channel(theirs).receive(5)
    thread.join()
    assert same(found, value)


def test_waiting_ends(ends):
    ours, theirs = ends
    with pytest.raises(OutOfTime):
        ours.receive(0.05)
    theirs.sendall(channel.LENGTHS.pack(100, 0) + b"half")
    with pytest.raises(OutOfTime):
        ours.receive(0.05)
    with pytest.raises(OutOfTime):  # nobody reads
        ours.send(np.zeros(4_000_000), 0.05)


@pytest.mark.parametrize("lengths", [(1 << 62, 0), (2, 1 << 62), (channel.LARGEST_HEADER + 1, 0)])
def test_a_length_is_not_believed(ends, lengths):
    ours, theirs = ends
    theirs.sendall(channel.LENGTHS.pack(*lengths))
    with pytest.raises(Broken):
        ours.receive(1)


def test_a_closed_connection(ends):
    ours, theirs = ends
    theirs.sendall(b"123")
    theirs.close()
    with pytest.raises(Broken, match="closed"):
        ours.receive(1)
    with pytest.raises(Broken):
        ours.send(1, 1)


def test_descriptors_are_not_taken(ends):
    ours, theirs = ends
    header = b"1"
    socket.send_fds(theirs, [channel.LENGTHS.pack(len(header), 0) + header], [theirs.fileno()] * 5)
    before = len(os.listdir("/proc/self/fd"))
    assert ours.receive(1) == 1
    assert len(os.listdir("/proc/self/fd")) == before
