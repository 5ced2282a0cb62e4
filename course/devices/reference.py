"""Training on several devices, in NumPy: every device's arrays lie in one list.

The letters are the same all through, in the sums and in the code:

    D         number of devices, d = 0 ... D - 1 one of them
    n[d]      examples on device d, N all together
    g[d]      gradient of the mean loss over the examples of device d
    s         step of the ring
    P         parameters of a layer, A numbers in its output for one example
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from course.convolution.reference import conv2d

# --- data parallelism ----------------------------------------------------------------------------


def shard_sizes(count: int, devices: int) -> list[int]:
    """Deal examples out as equally as can be: the first devices get one more.

    Args:
        count: N, how many examples.
        devices: D.

    Raises:
        ValueError: fewer examples than devices: one would have no gradient.
    """
    if not 1 <= devices <= count:
        raise ValueError(f"devices must be from 1 to the {count} examples, got {devices}")
    return [count // devices + (d < count % devices) for d in range(devices)]


def average_gradients(gradients: Sequence[ndarray], counts: Sequence[int]) -> ndarray:
    """Make the gradient of the whole batch from those of its parts.

        g = sum over d of (n[d] / N) * g[d]

    Args:
        gradients: one for each device, of one shape: of the mean loss over its own examples.
        counts: n, how many examples each device had.

    Returns:
        The gradient of the mean loss over all N examples.

    Raises:
        ValueError: other than one count for each gradient, or no examples.
    """
    counts = np.asarray(counts)
    if len(counts) != len(gradients) or counts.sum() <= 0:
        raise ValueError(f"counts must have a number for each of {len(gradients)} devices")
    return sum(n / counts.sum() * g for n, g in zip(counts, gradients, strict=True))


# --- the ring ------------------------------------------------------------------------------------


def ring_steps(values: Sequence[ndarray]) -> list[list[list[ndarray]]]:
    """Sum over the devices by passing chunks round a ring, and keep every state.

    In step s, device d sends its chunk (d - s) mod D to device d + 1. In the first D - 1 steps the
    receiver adds it to its own; then device d has the whole sum of chunk d + 1, and in D - 1 more
    steps the receiver takes what comes in place of its own.

    Args:
        values: one array for each device, of one shape.

    Returns:
        [s][d][chunk], before the first step and after each of the 2 (D - 1).

    Raises:
        ValueError: no arrays, or of several shapes.

    Source: Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of
    workstations" (2009).
    """
    devices = len(values)
    if not devices or len({value.shape for value in values}) != 1:
        raise ValueError("values must be arrays of one shape, one for each device")
    state = [np.array_split(value.ravel(), devices) for value in values]
    states = [state]
    for s in range(2 * (devices - 1)):
        after = [list(chunks) for chunks in state]
        for d in range(devices):
            chunk, to = (d - s) % devices, (d + 1) % devices
            sent = state[d][chunk]
            after[to][chunk] = state[to][chunk] + sent if s < devices - 1 else sent
        state = after
        states.append(state)
    return states


def ring_all_reduce(values: Sequence[ndarray]) -> list[ndarray]:
    """Give every device the sum of all devices' arrays, by `ring_steps`.

        out[d] = sum over e of values[e],  for every d

    Args:
        values: one array for each device, of one shape.

    Returns:
        As many arrays of that shape.
    """
    return [np.concatenate(chunks).reshape(values[0].shape) for chunks in ring_steps(values)[-1]]


def ring_seconds(nbytes: float, devices: int, bandwidth: float, latency: float) -> float:
    """How long a ring all-reduce takes, by a model of two numbers.

        t = 2 (D - 1) * (latency + nbytes / D / bandwidth)

    Args:
        nbytes: of the array on each device.
        devices: D.
        bandwidth: bytes a second from a device to the next one.
        latency: seconds that a message takes besides.
    """
    return 2 * (devices - 1) * (latency + nbytes / devices / bandwidth)


def speed_up(
    compute: float, nbytes: float, devices: int, bandwidth: float, latency: float = 0.0
) -> float:
    """How many times faster a training step is on D devices than on one.

        speed_up = compute / (compute / D + ring_seconds)

    Args:
        compute: seconds that one device computes for the whole batch.
        nbytes: of the gradients, which are exchanged after the computing.
        devices, bandwidth, latency: as in `ring_seconds`.
    """
    exchange = ring_seconds(nbytes, devices, bandwidth, latency)
    return compute / (compute / devices + exchange)


# --- batch norm ----------------------------------------------------------------------------------


def sync_batch_norm(
    shards: Sequence[ndarray],
    weight: ndarray | None = None,
    bias: ndarray | None = None,
    eps: float = 1e-5,
) -> list[ndarray]:
    """Normalise by the statistics of the whole batch, of which each device has a part.

        mu = all-reduce(sum of x) / all-reduce(m)
        s2 = all-reduce(sum of (x - mu)^2) / all-reduce(m)
        y[d] = weight * (x[d] - mu) / sqrt(s2 + eps) + bias

    Args:
        shards: x, one array (n[d], C, ...) for each device.
        weight, bias: (C,); None is 1 and 0.
        eps: added to the variance.

    Returns:
        One array for each device, of the shape of its shard.
    """
    axes = (0, *range(2, shards[0].ndim))

    def channels(values):
        return values.reshape(1, -1, *[1] * (shards[0].ndim - 2))

    m = sum(x.size // x.shape[1] for x in shards)
    mu = channels(sum(x.sum(axis=axes) for x in shards) / m)
    s2 = channels(sum(((x - mu) ** 2).sum(axis=axes) for x in shards) / m)
    outputs = [(x - mu) / np.sqrt(s2 + eps) for x in shards]
    if weight is not None:
        outputs = [channels(weight) * y for y in outputs]
    return outputs if bias is None else [y + channels(bias) for y in outputs]


# --- model parallelism ---------------------------------------------------------------------------


def split_conv2d(
    x: ndarray,
    weight: ndarray,
    bias: ndarray | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    groups: int = 1,
    devices: int = 2,
) -> list[ndarray]:
    """Compute a convolution's output channels on several devices, equally many on each.

        y = y[0], y[1], ... side by side along the channels
        y[d] = conv2d(x[d], weight[d], bias[d])

    weight[d] is the d-th part of the output channels. With groups = 1 every device reads all of x;
    with groups = devices only its own part: two of AlexNet's columns.

    Args:
        x: (N, C, H, W).
        weight: (O, C / groups, kH, kW), O a multiple of `devices`.
        bias: (O,) or None.
        stride, padding, groups: as in conv2d; groups is 1 or a multiple of `devices`.
        devices: D.

    Returns:
        D arrays (N, O / D, H_out, W_out).

    Raises:
        ValueError: the channels or the groups cannot be dealt out equally.
    """
    check_split(weight.shape[0], groups, devices)
    weights = np.split(weight, devices)
    biases = [None] * devices if bias is None else np.split(bias, devices)
    if groups == 1:
        inputs, inner = [x] * devices, 1
    else:
        inputs, inner = np.split(x, devices, axis=1), groups // devices
    return [
        conv2d(part, w, b, stride, padding, groups=inner)
        for part, w, b in zip(inputs, weights, biases, strict=True)
    ]


def check_split(out_channels: int, groups: int, devices: int) -> None:
    """Raise ValueError unless the output channels and the groups can be dealt out equally."""
    if out_channels % devices:
        raise ValueError(f"{out_channels} output channels cannot be split over {devices} devices")
    if groups != 1 and groups % devices:
        raise ValueError(f"groups must be 1 or a multiple of devices, {devices}, got {groups}")


def sent_bytes(
    parameters: int, outputs: int, batch_size: int, devices: int, itemsize: int = 4
) -> tuple[float, float]:
    """What each device sends for one layer in one step: (data parallel, model parallel).

        data parallel:  the gradients, by all-reduce:          2 (D - 1) / D * P * itemsize
        model parallel: the outputs forward, by all-gather, and
                        their gradients back:                  2 (D - 1) / D * N * A * itemsize

    Data parallelism does not ask how large the batch is, model parallelism not how many weights
    there are. They are even at N = P / A.

    Args:
        parameters: P.
        outputs: A, numbers in the layer's output for one example.
        batch_size: N, over all devices.
        devices: D.
        itemsize: bytes of a number.
    """
    factor = 2 * (devices - 1) / devices * itemsize
    return factor * parameters, factor * batch_size * outputs
