"""Plain data between two processes that do not trust each other: what may cross, and how.

A message is two lengths (header, arrays; 8 bytes each), the header (JSON) and the raw bytes of its
arrays. Nothing in it is code and nothing is a pickle. What stands for itself in the header is None,
bool, int, float and str; everything else is a list that begins with a tag:

    ["tuple", items]  ["list", items]  ["dict", [[key, value], ...]]  ["set", items]
    ["bytes", size]  ["array", dtype, shape]  ["scalar", dtype]         NumPy's, dtype from a list
    ["tensor", dtype, device, shape, requires_grad, is it a parameter]  torch's, detached
    ["complex", real, imaginary]  ["range", ...]  ["slice", ...]  ["ellipsis"]
    ["dtype", name]  ["device", name]                                   torch's
    ["object", fields]                                                  what stays where it is

The reader builds exact base types of its own and believes nothing: lengths, depth, dtypes, shapes
and the size of every array are checked before anything is made of them.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.sandbox.json_depth import too_deep

LENGTHS = struct.Struct("!QQ")
LARGEST_HEADER, LARGEST_ARRAYS = 8 * 1024**2, 64 * 1024**2
DEPTH = 40  # of containers in containers
BRACKETS = 4 * DEPTH  # a dict in a dict takes four
NUMBERS = {
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
    # NumPy's longdouble, where this machine has one: both processes are on the same.
    *(np.dtype(kind).name for kind in (np.longdouble, np.clongdouble)),
}
TENSORS = {  # torch's dtype: NumPy's with the same bytes
    **{name: name for name in NUMBERS if name not in ("float128", "complex256")},
    "bfloat16": "uint16",
}
NAMES = {np.dtype(name): name for name in NUMBERS}  # a dtype makes its name anew each time
PLAIN = {type(None), bool, int, float, str}
DIMENSIONS = 16
ITEMS = 1_000_000  # of one container


class Unsendable(TypeError):
    """The value is nothing that may cross; the message says what it is."""


class Broken(ConnectionError):
    """What arrived is no message, or nothing arrived in time."""


class HungUp(Broken):
    """The other side has closed its end."""


class OutOfTime(Broken):
    """Nothing arrived in time."""


def kind_of(value: Any) -> tuple[str, str]:
    """(module, name) of a value's type, whatever the type says of itself."""
    kind = type(value)
    module, name = (
        type.__getattribute__(kind, "__module__"),
        type.__getattribute__(kind, "__name__"),
    )
    return (module if type(module) is str else "?"), (name if type(name) is str else "?")


def encode(value: Any, remote: Callable | None = None) -> tuple[bytes, list]:
    """A value as a header and a list of buffers.

    Args:
        remote: called with what is no plain data; gives fields that stand for it, or raises.

    Raises:
        Unsendable: something in it may not cross, or it is too large.
    """
    buffers = []
    try:
        header = json.dumps(_encoded(value, buffers, remote, 0), separators=(",", ":")).encode()
    except ValueError as problem:  # an integer of more digits than Python writes
        raise Unsendable(str(problem)) from None
    if len(header) > LARGEST_HEADER or sum(map(len, buffers)) > LARGEST_ARRAYS:
        raise Unsendable("the value is too large to be sent")
    return header, buffers


def _encoded(value, buffers, remote, depth):
    kind = type(value)
    if kind in PLAIN:
        return value
    if depth > DEPTH:
        raise Unsendable("a value nested too deeply")
    if kind in (tuple, list, set, frozenset):
        tag = "set" if kind is frozenset else kind.__name__
        return [tag, _items(value, buffers, remote, depth)]
    if kind is dict:
        return ["dict", [_items(pair, buffers, remote, depth) for pair in value.items()]]
    if kind is np.ndarray and (name := _name(value.dtype)):
        _small(value.nbytes)
        buffers.append(np.ascontiguousarray(value, value.dtype.newbyteorder("=")).tobytes())
        return ["array", name, list(value.shape)]
    if isinstance(value, np.generic) and (name := _name(value.dtype)):
        buffers.append(value.tobytes())
        return ["scalar", name]
    if kind is bytes:
        buffers.append(value)
        return ["bytes", len(value)]
    if kind is complex:
        return ["complex", value.real, value.imag]
    if kind in (range, slice):
        parts = [value.start, value.stop, value.step]
        return [kind.__name__, _items(parts, buffers, remote, depth)]
    if value is Ellipsis:
        return ["ellipsis"]
    tagged = _encoded_torch(value, buffers)
    if tagged is not None:
        return tagged
    for base in (tuple, list):  # libraries give subclasses: torch.Size, named tuples
        if issubclass(kind, base):
            return [base.__name__, _items(base.__iter__(value), buffers, remote, depth)]
    if remote is None:
        raise Unsendable(f"{'.'.join(kind_of(value))} is no plain data")
    return ["object", remote(value)]


def _items(values, buffers, remote, depth):
    return [
        item if type(item) in PLAIN else _encoded(item, buffers, remote, depth + 1)
        for item in values
    ]


def _name(dtype):
    """The name of a dtype of numbers, whatever the order of its bytes; None of another."""
    if dtype in NAMES:
        return NAMES[dtype]
    return dtype.name if dtype.name in NUMBERS else None


def _small(size):
    if size > LARGEST_ARRAYS:  # which a broadcast array has without the memory for it
        raise Unsendable("the array is too large to be sent")


def _encoded_torch(value, buffers):
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    kind = type(value)
    if kind is torch.dtype:
        return ["dtype", str(value).removeprefix("torch.")]
    if kind is torch.device:
        return ["device", str(value)]
    if kind not in (torch.Tensor, torch.nn.Parameter) or value.layout != torch.strided:
        return None
    name = str(value.dtype).removeprefix("torch.")
    if name not in TENSORS:
        return None
    parameter, gradient = kind is torch.nn.Parameter, value.requires_grad
    array = b""
    if value.device.type != "meta":
        _small(value.nbytes)
        plain = value.detach().resolve_conj().resolve_neg().cpu().contiguous()
        if name == "bfloat16":
            plain = plain.view(torch.uint16)
        array = plain.numpy().tobytes()
    buffers.append(array)
    return ["tensor", name, str(value.device), list(value.shape), gradient, parameter]


def decode(header: bytes, arrays: Callable, remote: Callable | None = None) -> Any:
    """The value of a header and the bytes of its arrays.

    Args:
        remote: called with the fields of what stayed behind; gives what stands for it here.

    Raises:
        Broken: the message is not as it should be.
    """
    if too_deep(header, BRACKETS + 10):
        raise Broken("a message nested too deeply")
    try:
        reader = _Reader(arrays, remote)
        value = reader.decoded(json.loads(header))
    except Broken:
        raise
    except Exception as problem:
        raise Broken(f"a message that cannot be read: {type(problem).__name__}") from problem
    if reader.place != len(arrays):
        raise Broken("a message with bytes that belong to nothing")
    return value


class _Reader:
    def __init__(self, arrays, remote):
        self.arrays, self.remote, self.place = memoryview(arrays), remote, 0

    def take(self, size):
        if not 0 <= size <= len(self.arrays) - self.place:
            raise Broken("a message with too few bytes")
        self.place += size
        return self.arrays[self.place - size : self.place]

    def decoded(self, tree):
        if type(tree) is not list:
            if type(tree) is dict:
                raise Broken("a message with an object in it")
            return tree
        tag, *fields = tree
        read = getattr(self, f"_{tag}", None) if type(tag) is str and tag in TAGS else None
        if read is None:
            raise Broken("a message with an unknown tag")
        return read(*fields)

    def items(self, trees):
        if type(trees) is not list or len(trees) > ITEMS:
            raise Broken("a container that is none, or too long")
        return [tree if type(tree) in PLAIN else self.decoded(tree) for tree in trees]

    def _list(self, trees):
        return self.items(trees)

    def _tuple(self, trees):
        return tuple(self.items(trees))

    def _set(self, trees):
        return set(self.items(trees))

    def _dict(self, pairs):
        found = {}
        for pair in pairs:
            key, value = self.items(pair)
            found[key] = value
        return found

    def _bytes(self, size):
        return bytes(self.take(size))

    def _complex(self, real, imaginary):
        return complex(float(real), float(imaginary))

    def _range(self, parts):
        return range(*map(int, self.items(parts)))

    def _slice(self, parts):
        return slice(*self.items(parts))

    def _ellipsis(self):
        return Ellipsis

    def numbers(self, dtype, shape):
        if dtype not in NUMBERS or type(shape) is not list or len(shape) > DIMENSIONS:
            raise Broken("an array of an unknown kind")
        if any(type(size) is not int or not 0 <= size < 1 << 40 for size in shape):
            raise Broken("an array with a strange shape")
        dtype = np.dtype(dtype)
        count = math.prod(shape)
        content = self.take(count * dtype.itemsize)
        if dtype.kind == "b":  # a byte that is neither 0 nor 1 would be a bool like no other
            return (np.frombuffer(content, np.uint8) != 0).reshape(shape)
        if not count:
            return np.empty(shape, dtype)
        return np.frombuffer(content, dtype).reshape(shape).copy()

    def _array(self, dtype, shape):
        return self.numbers(dtype, shape)

    def _scalar(self, dtype):
        return self.numbers(dtype, [])[()]

    def _tensor(self, dtype, device, shape, gradient, parameter):
        import torch

        if dtype not in TENSORS or type(gradient) is not bool or type(parameter) is not bool:
            raise Broken("a tensor of an unknown kind")
        place = self._device(device)
        if place.type == "meta":
            if any(type(size) is not int or not 0 <= size < 1 << 40 for size in shape):
                raise Broken("a tensor with a strange shape")
            return torch.empty(shape, dtype=getattr(torch, dtype), device="meta")
        values = torch.from_numpy(self.numbers(TENSORS[dtype], shape))
        if dtype == "bfloat16":
            values = values.view(torch.bfloat16)
        if place.type != "cpu":
            values = values.to(place)
        if parameter:
            return torch.nn.Parameter(values, requires_grad=gradient)
        return values.requires_grad_(gradient)

    def _dtype(self, name):
        import torch

        if name not in TENSORS:
            raise Broken("an unknown dtype")
        return getattr(torch, name)

    def _device(self, name):
        import torch

        if type(name) is not str or name.split(":")[0] not in ("cpu", "cuda", "mps", "meta"):
            raise Broken("an unknown device")
        return torch.device(name)

    def _object(self, fields):
        if self.remote is None:
            raise Broken("a message with something in it that is no data")
        return self.remote(self.items(fields))


TAGS = {
    *("list", "tuple", "set", "dict", "bytes", "complex", "range", "slice", "ellipsis"),
    *("array", "scalar", "tensor", "dtype", "device", "object"),
}


class Channel:
    """One end of a pair of sockets that carries messages."""

    def __init__(self, end, outgoing=None, incoming=None):
        self.end, self.outgoing, self.incoming = end, outgoing, incoming

    def send(self, value: Any, seconds: float | None = None) -> None:
        """Send a value.

        Raises:
            Unsendable: it may not cross; nothing was sent.
            Broken: the other side does not take it.
        """
        header, buffers = encode(value, self.outgoing)
        arrays = b"".join(buffers)
        try:
            self.end.settimeout(seconds)
            self.end.sendall(LENGTHS.pack(len(header), len(arrays)) + header + arrays)
        except TimeoutError:
            raise OutOfTime("nobody reads the message") from None
        except OSError as problem:
            raise HungUp(f"the message cannot be sent: {problem}") from problem

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a message and give its value.

        Raises:
            OutOfTime: it did not come, or not all of it.
            Broken: it is no message, or the other side has hung up.
        """
        end = None if seconds is None else time.monotonic() + seconds
        header, arrays = LENGTHS.unpack(self._exactly(LENGTHS.size, end))
        if header > LARGEST_HEADER or arrays > LARGEST_ARRAYS:
            raise Broken("a message that is too large")
        header = self._exactly(header, end)
        return decode(bytes(header), self._exactly(arrays, end), self.incoming)

    def _exactly(self, size, end):
        found = bytearray(size)
        view, have = memoryview(found), 0
        while have < size:
            remaining = None if end is None else end - time.monotonic()
            if remaining is not None and remaining <= 0:
                raise OutOfTime("no answer in time")
            try:
                self.end.settimeout(remaining)
                count = self.end.recv_into(view[have:])
            except TimeoutError:
                raise OutOfTime("no answer in time") from None
            except OSError as problem:
                raise HungUp(f"the connection is broken: {problem}") from problem
            if not count:
                raise HungUp("the connection was closed")
            have += count
        return found

    def close(self) -> None:
        self.end.close()


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
