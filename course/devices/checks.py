"""What a right answer to the exercise on many devices is, and what each wrong answer means.

The truth is told by the library's functions for the whole batch and the whole layer; see
`course.checking`.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes

LECTURE = "13_devices"
HALVES = "Deal out the pictures"
NORM = "Through batch norm"
RING = "The ring"
COLUMNS = "Deal out the net"
WHEN = "When which?"


# Averaged gradients


def _average_gradients(gradients, counts):
    return np.average(np.stack(gradients), axis=0, weights=np.asarray(counts, dtype=float))


def _average_gradients_read(gradients, counts):
    average = np.zeros_like(gradients[0])
    for gradient, count in zip(gradients, counts, strict=True):
        average = average + count / sum(counts) * gradient
    return average


def _weighed(weights):
    """An oracle from the weights that the counts give."""

    def oracle(gradients, counts):
        given = weights(np.asarray(counts, dtype=float))
        return np.tensordot(given, np.stack(gradients), 1)

    return oracle


def _cases_average(draw):
    yield case([np.array([4.0]), np.array([8.0])], [3, 1])
    for devices, shape in ((2, (3,)), (3, (2, 4)), (4, (3, 1, 2)), (5, (2,))):
        counts = draw.distinct(devices, 2, 9)
        yield case([draw.normal(*shape) for _ in counts], counts)
    yield case([draw.normal(3, 2)], [7])


average_gradients = Task(
    "average_gradients",
    _average_gradients,
    cases=_cases_average,
    lecture=LECTURE,
    section=HALVES,
    formula=_average_gradients_read,
    misunderstandings=mistakes(
        HALVES,
        [
            (
                "a sum over the devices",
                "Each gradient is a mean already: weigh it by n / N, the weights sum to 1.",
                lambda n: np.ones(len(n)),
            ),
            (
                "a sum over all examples",
                "The loss is the mean over the batch: divide by all N examples.",
                lambda n: n,
            ),
            (
                "a sum over all examples, divided by the devices",
                "Divide by the number of examples, not by that of the devices.",
                lambda n: n / len(n),
            ),
            (
                "a division by N without weights",
                "Each gradient is a mean over its n examples: multiply by n before you divide.",
                lambda n: np.full(len(n), 1 / n.sum()),
            ),
            (
                "smaller weights for larger shards",
                "The weight of a device grows with its number of examples.",
                lambda n: (1 / n) / (1 / n).sum(),
            ),
            (
                "each device weighed by its own number of examples",
                "Weigh by n / N; 1 / n is in the gradient already.",
                lambda n: 1 / n,
            ),
            (
                "the gradient of the largest shard alone",
                "All devices have a part in the gradient of the batch.",
                lambda n: np.eye(len(n))[n.argmax()],
            ),
            (
                "weights by the largest shard",
                "Divide by all N examples, not by those of the largest shard.",
                lambda n: n / n.max(),
            ),
        ],
        _weighed,
    ),
)


# The ring


def _ring_all_reduce(values):
    return _ring()(values)


def _ring_all_reduce_read(values):
    states, count = [values], len(values)
    for s in range(2 * (count - 1)):
        before, after = states[-1], states[-1].copy()
        for d in range(count):
            chunk, to = (d - s) % count, (d + 1) % count
            own = before[to, chunk] if s < count - 1 else 0
            after[to, chunk] = own + before[d, chunk]
        states.append(after)
    return np.stack(states)


def _ring(
    direction=1,
    sent=lambda d, s, count: d - s,
    adds=lambda s, count: s < count - 1,
    steps=lambda count: 2 * (count - 1),
    keeps=True,
    shown=lambda states: states,
):
    """An oracle from what is sent where, and what its receiver does with it."""

    def oracle(values):
        count = len(values)
        states = [torch.from_numpy(values.copy())]
        for s in range(steps(count)):
            before, after = states[-1], states[-1].clone()
            for d in range(count):
                chunk, to = sent(d, s, count) % count, (d + direction) % count
                came = before[d, chunk]
                after[to, chunk] = before[to, chunk] + came if adds(s, count) else came
                if not keeps:
                    after[d, chunk] = 0
            states.append(after)
        return np.stack(shown([state.numpy() for state in states]))

    return oracle


def _at_once(values):
    sums = np.broadcast_to(values.sum(0), values.shape)
    return np.stack([values, *[sums] * (2 * (len(values) - 1))])


def _by_row(values):
    """Rows taken for chunks, and columns for devices."""
    return _ring()(values.T.copy()).swapaxes(1, 2)


def _cases_ring(draw):
    yield case(np.array([[1.0, 2.0], [10.0, 20.0]]))
    for devices in (3, 4, 5, 1):
        yield case(draw.normal(devices, devices))


ring_all_reduce = Task(
    "ring_all_reduce",
    _ring_all_reduce,
    cases=_cases_ring,
    lecture=LECTURE,
    section=RING,
    formula=_ring_all_reduce_read,
    misunderstandings=mistakes(
        RING,
        [
            (
                "a ring that runs the other way",
                "Device d sends to device d + 1; the last one to device 0.",
                {"direction": -1},
            ),
            (
                "the same chunk sent in every step",
                "In step s, device d sends chunk d - s: the one that has just come in.",
                {"sent": lambda d, s, count: d},
            ),
            (
                "chunks taken forwards",
                "In step s, device d sends chunk d - s, not d + s.",
                {"sent": lambda d, s, count: d + s},
            ),
            (
                "one chunk of all devices in each step",
                "In step s every device sends another chunk, device d chunk d - s.",
                {"sent": lambda d, s, count: s},
            ),
            (
                "additions to the end",
                "After D - 1 steps a chunk is the whole sum: from then on it is taken as it is.",
                {"adds": lambda s, count: True},
            ),
            (
                "no additions",
                "In the first D - 1 steps the receiver adds what comes to its own.",
                {"adds": lambda s, count: False},
            ),
            (
                "one addition too many",
                "The receiver adds in steps 0 to D - 2, in D - 1 steps.",
                {"adds": lambda s, count: s < count},
            ),
            (
                "one addition too few",
                "The receiver adds in steps 0 to D - 2, in D - 1 steps.",
                {"adds": lambda s, count: s < count - 2},
            ),
            (
                "the first half alone",
                "After D - 1 steps each device has one whole sum: D - 1 more pass them on.",
                {"steps": lambda count: count - 1},
            ),
            (
                "two steps too many",
                "D - 1 steps to add and D - 1 to pass on: 2 (D - 1).",
                {"steps": lambda count: 2 * count},
            ),
            (
                "a sender that loses its chunk",
                "What is sent stays with the sender, too.",
                {"keeps": False},
            ),
            (
                "states without the first one",
                "Before the first step there is a state, too: 2 (D - 1) + 1 in all.",
                {"shown": lambda states: states[1:] or states},
            ),
            (
                "the last state every time",
                "Keep a copy of each state, or all of them are the same array.",
                {"shown": lambda states: [states[-1]] * len(states)},
            ),
            (
                "the last state alone",
                "Asked for are all states, from before the first step to after the last one.",
                {"shown": lambda states: states[-1]},
            ),
        ],
        lambda change: _ring(**change),
    )
    + mistakes(
        RING,
        [
            (
                "the sums after one step",
                "In a step a device sends one chunk to one other device.",
                _at_once,
            ),
            (
                "rows and columns exchanged",
                "values[d] is what device d has; its chunks are the columns.",
                _by_row,
            ),
        ],
    ),
)


# Batch norm over shards


def _normalise_shards(shards, synchronised, eps=1e-5):
    if not synchronised:
        return [_batch_norm(x, eps) for x in shards]
    ends = np.cumsum([len(x) for x in shards])[:-1]
    return np.split(_batch_norm(np.concatenate(shards), eps), ends)


def _batch_norm(x, eps):
    t = torch.from_numpy(np.ascontiguousarray(x))
    return F.batch_norm(t, None, None, training=True, eps=eps).numpy()


def _normalise_shards_read(shards, synchronised, eps=1e-5):
    found, axes = [], (0, 2, 3)
    for x in shards:
        seen = np.concatenate(shards) if synchronised else x
        mu = seen.mean(axes, keepdims=True)
        var = seen.var(axes, keepdims=True, ddof=0)
        found.append((x - mu) / np.sqrt(var + eps))
    return found


def _by(statistics):
    """An oracle where the synchronised statistics are those that the shards' own give."""

    def oracle(shards, synchronised, eps=1e-5):
        if not synchronised:
            return _normalise_shards(shards, False, eps)
        m = np.array([x.size / x.shape[1] for x in shards])
        mean = np.stack([x.mean((0, 2, 3)) for x in shards])
        var = np.stack([x.var((0, 2, 3)) for x in shards])
        mu, s2 = (value.reshape(-1, 1, 1) for value in statistics(m[:, None], mean, var))
        return [(x - mu) / np.sqrt(s2 + eps) for x in shards]

    return oracle


def _whole(m, mean, var):
    mu = (m * mean).sum(0) / m.sum()
    return mu, (m * (var + (mean - mu) ** 2)).sum(0) / m.sum()


def _within(m, mean, var):
    mu = (m * mean).sum(0) / m.sum()
    return mu, (m * var).sum(0) / m.sum()


def _alike(m, mean, var):
    mu = mean.mean(0)
    return mu, (var + (mean - mu) ** 2).mean(0)


def _unbiased(m, mean, var):
    mu, s2 = _whole(m, mean, var)
    return mu, s2 * m.sum() / (m.sum() - 1)


def _both_unbiased(shards, synchronised, eps=1e-5):
    if synchronised:
        return _by(_unbiased)(shards, True, eps)
    return [_by(_unbiased)([x], True, eps)[0] for x in shards]


def _over(axes):
    """Each shard normalised over other axes, whatever the flag."""

    def oracle(shards, synchronised, eps=1e-5):
        def normal(x):
            mu, s2 = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
            return (x - mu) / np.sqrt(s2 + eps)

        if not synchronised:
            return [normal(x) for x in shards]
        ends = np.cumsum([len(x) for x in shards])[:-1]
        return np.split(normal(np.concatenate(shards)), ends)

    return oracle


def _scaled(scale):
    """Centred as it should be, divided by what variance and eps give."""

    def oracle(shards, synchronised, eps=1e-5):
        groups = [np.concatenate(shards)] if synchronised else shards
        found = []
        for x in groups:
            mu, s2 = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
            found.append((x - mu) / scale(s2, eps))
        ends = np.cumsum([len(x) for x in shards])[:-1]
        return np.split(found[0], ends) if synchronised else found

    return oracle


def _cases_norm(draw):
    small = [np.array([1.0, 3.0]).reshape(2, 1, 1, 1), np.array([5.0, 7.0]).reshape(2, 1, 1, 1)]
    yield case(small, False, 1e-9)
    yield case(small, True, 1e-9)
    for counts, shape in (((2, 4), (3, 2, 1)), ((1, 3, 2), (2, 3, 4)), ((3, 1), (4, 1, 3))):
        shards = [draw.normal(n, *shape) + draw.integer(-2, 2) for n in counts]
        yield case(shards, True, 0.5)
        yield case(shards, False, 0.25)
    yield case([draw.normal(2, 3, 2, 2), draw.normal(3, 3, 2, 2)], True)


normalise_shards = Task(
    "normalise_shards",
    _normalise_shards,
    cases=_cases_norm,
    lecture=LECTURE,
    section=NORM,
    formula=_normalise_shards_read,
    misunderstandings=mistakes(
        NORM,
        [
            (
                "the two kinds exchanged",
                "synchronised=True is one mean for all shards, False one for each.",
                lambda shards, synchronised, eps=1e-5: _normalise_shards(
                    shards, not synchronised, eps
                ),
            ),
            (
                "the variance within the shards alone",
                "The shards' means differ: the variance between them is part of the whole one.",
                _by(_within),
            ),
            (
                "shards that count alike",
                "A shard of more examples has more weight in the mean and in the variance.",
                _by(_alike),
            ),
            (
                "the first shard's statistics for all",
                "The statistics are those of all shards together.",
                _by(lambda m, mean, var: (mean[0], var[0])),
            ),
            (
                "the unbiased variance",
                "Normalisation divides the squared deviations by m, not by m - 1.",
                _both_unbiased,
            ),
            (
                "eps outside of the root",
                "eps is added to the variance, under the root.",
                _scaled(lambda s2, eps: np.sqrt(s2) + eps),
            ),
            (
                "no eps",
                "eps is added to the variance, under the root.",
                _scaled(lambda s2, eps: np.sqrt(s2)),
            ),
            (
                "a division by the variance",
                "Divide by the standard deviation, the root of variance and eps.",
                _scaled(lambda s2, eps: s2 + eps),
            ),
            (
                "a mean taken out and nothing divided",
                "Divide by the root of variance and eps, too.",
                _scaled(lambda s2, eps: 1.0),
            ),
            (
                "statistics of each pixel",
                "A channel's mean is taken over the examples and over all its places.",
                _over((0,)),
            ),
            (
                "statistics of each example",
                "A channel's mean is taken over the examples, too: that is batch norm.",
                _over((2, 3)),
            ),
            (
                "all channels together",
                "Each channel has its own mean and variance.",
                _over((0, 1, 2, 3)),
            ),
        ],
    ),
)


# A layer in columns


def _split_conv2d(x, weight, bias, devices, groups=1, padding=0):
    y = F.conv2d(*map(torch.from_numpy, (x, weight, bias)), padding=padding, groups=groups)
    return np.stack([part.numpy() for part in y.chunk(devices, 1)])


def _conv(x, weight, bias, padding):
    arrays = [torch.from_numpy(np.ascontiguousarray(array)) for array in (x, weight, bias)]
    return F.conv2d(*arrays, padding=padding).numpy()


def _split_conv2d_read(x, weight, bias, devices, groups=1, padding=0):
    o, c = len(weight) // devices, x.shape[1] // devices
    outputs = []
    for d in range(devices):
        part = x if groups == 1 else x[:, c * d : c * (d + 1)]
        mine = slice(o * d, o * (d + 1))
        outputs.append(_conv(part, weight[mine], bias[mine], padding))
    return np.stack(outputs)


def _split(
    inputs=lambda d, devices: d,
    outputs=lambda rows, d, devices: np.split(rows, devices)[d],
    biases=None,
    pads=True,
    order=1,
):
    """An oracle from what each device reads and which outputs it computes."""
    biases = biases or outputs

    def oracle(x, weight, bias, devices, groups=1, padding=0):
        found = []
        for d in range(devices)[::order]:
            part = x if groups == 1 else np.split(x, devices, 1)[inputs(d, devices)]
            w, b = outputs(weight, d, devices), biases(bias, d, devices)
            given = [torch.from_numpy(np.ascontiguousarray(value)) for value in (part, w, b)]
            found.append(F.conv2d(*given, padding=padding if pads else 0).numpy())
        return np.stack(found)

    return oracle


def _by_batch(x, weight, bias, devices, groups=1, padding=0):
    y = np.concatenate(_split_conv2d(x, weight, bias, devices, groups, padding), 1)
    return np.stack(np.array_split(y, devices))  # unequal parts: no result


def _by_inputs(x, weight, bias, devices, groups=1, padding=0):
    """Parts of the sum over the input channels, the bias on the first device."""
    if groups != 1:
        return _split_conv2d(x, weight, bias, devices, groups, padding)
    found = []
    for d, (part, w) in enumerate(
        zip(np.array_split(x, devices, 1), np.array_split(weight, devices, 1), strict=True)
    ):
        b = torch.from_numpy(bias if d == 0 else 0 * bias)
        part, w = (torch.from_numpy(np.ascontiguousarray(value)) for value in (part, w))
        found.append(F.conv2d(part, w, b, padding=padding).numpy())
    return np.stack(found)


def _never_grouped(x, weight, bias, devices, groups=1, padding=0):
    """Every device reads the first part of x, where it should read its own."""
    return _split(inputs=lambda d, devices: 0)(x, weight, bias, devices, groups, padding)


def _cases_split(draw):
    def drawn(n, c, o, devices, grouped, size, kernel, padding):
        groups = devices if grouped else 1
        x, weight = draw.normal(n, c, *size), draw.normal(o, c // groups, *kernel)
        return case(x, weight, draw.normal(o), devices, groups, padding)

    yield drawn(2, 2, 2, 2, False, (2, 3), (1, 1), 0)
    yield drawn(2, 2, 4, 2, True, (2, 3), (1, 1), 0)
    yield drawn(2, 4, 6, 2, False, (5, 4), (3, 2), 1)
    yield drawn(2, 4, 8, 2, True, (5, 4), (3, 2), 0)
    yield drawn(3, 6, 9, 3, True, (4, 6), (2, 3), 1)
    yield drawn(3, 3, 12, 3, False, (6, 4), (3, 3), 3)
    yield case(draw.normal(1, 1, 1, 3), draw.normal(1, 1, 1, 2), draw.normal(1), 1)
    yield case(draw.normal(2, 3, 4, 1), draw.normal(2, 3, 2, 1), draw.normal(2), 2, padding=3)
    yield drawn(4, 4, 4, 2, False, (3, 4), (2, 2), 0)  # a batch that can be dealt out, too
    yield drawn(2, 3, 5, 1, False, (4, 3), (2, 2), 1)


split_conv2d = Task(
    "split_conv2d",
    _split_conv2d,
    cases=_cases_split,
    lecture=LECTURE,
    section=COLUMNS,
    formula=_split_conv2d_read,
    torch=True,
    differentiable=True,
    misunderstandings=mistakes(
        COLUMNS,
        [
            (
                "the batch dealt out",
                "Every device has all examples, and a part of the output channels.",
                _by_batch,
                HALVES,
            ),
            (
                "the input channels dealt out",
                "With groups=1 every device reads all of x: a part of the inputs gives a part of "
                "the sum, not a part of the outputs.",
                _by_inputs,
            ),
            (
                "the first columns of the input on every device",
                "With groups=devices, device d reads the d-th part of the input channels.",
                _never_grouped,
            ),
            (
                "output channels dealt out in turn",
                "Device d has the d-th part of the outputs, channels that lie side by side.",
                _split(outputs=lambda rows, d, devices: rows[d::devices]),
            ),
            (
                "kernels dealt out in turn, the bias by parts",
                "Device d has the d-th part of the outputs, channels that lie side by side.",
                _split(
                    outputs=lambda rows, d, devices: rows[d::devices],
                    biases=lambda rows, d, devices: np.split(rows, devices)[d],
                ),
            ),
            (
                "the first part of the bias on every device",
                "The bias is dealt out as the kernels are.",
                _split(biases=lambda rows, d, devices: np.split(rows, devices)[0]),
            ),
            (
                "the bias on the first device alone",
                "Each device adds the bias of its own outputs.",
                _split(biases=lambda rows, d, devices: np.split(rows, devices)[d] * float(d == 0)),
            ),
            (
                "a bias that every device adds its share of",
                "Each output has its bias once, and whole, on its own device.",
                _split(biases=lambda rows, d, devices: np.split(rows, devices)[d] / devices),
            ),
            (
                "no bias",
                "Each output channel has a bias.",
                _split(biases=lambda rows, d, devices: 0 * np.split(rows, devices)[d]),
            ),
            (
                "the whole layer on every device",
                "Each device computes its part of the output channels alone.",
                lambda x, weight, bias, devices, groups=1, padding=0: np.stack(
                    [np.concatenate(_split_conv2d(x, weight, bias, devices, groups, padding), 1)]
                    * devices
                ),
            ),
            (
                "the outputs joined again",
                "Asked for is a part for each device, along a first axis of its own.",
                lambda x, weight, bias, devices, groups=1, padding=0: np.concatenate(
                    _split_conv2d(x, weight, bias, devices, groups, padding), 1
                ),
            ),
        ],
    ),
)


# The speed-up


def _speed_up(compute, nbytes, devices, bandwidth, latency=0.0):
    return _faster()(compute, nbytes, devices, bandwidth, latency)


def _speed_up_read(compute, nbytes, devices, bandwidth, latency=0.0):
    exchange = 2 * (devices - 1) * (latency + nbytes / devices / bandwidth)
    return compute / (compute / devices + exchange)


def _faster(
    exchange=lambda b, n, bw, lat: 2 * (n - 1) * (lat + b / n / bw),
    shared=lambda compute, n: compute / n,
    result=lambda compute, step, n: compute / step,
):
    """An oracle from the seconds of the exchange, of the computing, and what is asked for."""

    def oracle(compute, nbytes, devices, bandwidth, latency=0.0):
        step = shared(compute, devices) + exchange(nbytes, devices, bandwidth, latency)
        return result(compute, step, devices)

    return oracle


def _cases_speed_up(draw):
    yield case(0.4, 100e6, 4, 10e9)
    for devices in draw.distinct(3, 2, 9):
        yield case(
            draw.integer(2, 9) / 10,
            draw.integer(20, 90) * 1e6,
            devices,
            draw.integer(2, 9) * 1e9,
            draw.integer(1, 9) * 1e-3,
        )
    yield case(0.3, 5e7, 1, 1e9, 1e-3)
    yield case(draw.integer(1, 9) / 10, 4e8, 16, 1e9, 1e-4)


speed_up = Task(
    "speed_up",
    _speed_up,
    cases=_cases_speed_up,
    lecture=LECTURE,
    section=WHEN,
    formula=_speed_up_read,
    misunderstandings=mistakes(
        WHEN,
        [
            (
                "an exchange that takes no time",
                "The step is computing and exchange: add the seconds of the ring.",
                {"exchange": lambda b, n, bw, lat: 0},
            ),
            (
                "the time of the step",
                "Asked for is how many times faster: one device's time over it.",
                {"result": lambda compute, step, n: step},
            ),
            (
                "the share of what D devices could give",
                "Asked for is how many times faster the step is, not divided by the devices.",
                {"result": lambda compute, step, n: compute / step / n},
            ),
            (
                "computing that is not shared",
                "Each device computes for its part of the batch: compute / D.",
                {"shared": lambda compute, n: compute},
            ),
            (
                "all bytes in every step",
                "A step of the ring sends one chunk, nbytes / D.",
                {"exchange": lambda b, n, bw, lat: 2 * (n - 1) * (lat + b / bw)},
                RING,
            ),
            (
                "half of the ring",
                "D - 1 steps to add and D - 1 to pass on.",
                {"exchange": lambda b, n, bw, lat: (n - 1) * (lat + b / n / bw)},
                RING,
            ),
            (
                "two steps too many",
                "The ring takes 2 (D - 1) steps, not 2 D.",
                {"exchange": lambda b, n, bw, lat: 2 * n * (lat + b / n / bw)},
                RING,
            ),
            (
                "one message with all bytes",
                "A ring takes 2 (D - 1) steps of nbytes / D each.",
                {"exchange": lambda b, n, bw, lat: lat + b / bw},
                RING,
            ),
            (
                "two messages with all bytes",
                "A ring takes 2 (D - 1) steps of nbytes / D each.",
                {"exchange": lambda b, n, bw, lat: 2 * (lat + b / bw)},
                RING,
            ),
            (
                "the latency once",
                "Each of the 2 (D - 1) steps has its latency.",
                {"exchange": lambda b, n, bw, lat: lat + 2 * (n - 1) * b / n / bw},
                RING,
            ),
            (
                "no latency",
                "Each of the 2 (D - 1) steps takes its latency besides.",
                {"exchange": lambda b, n, bw, lat: 2 * (n - 1) * b / n / bw},
                RING,
            ),
            (
                "bits for bytes",
                "Bytes and bytes a second: no factor of 8.",
                {"exchange": lambda b, n, bw, lat: 2 * (n - 1) * (lat + 8 * b / n / bw)},
                RING,
            ),
            (
                "numbers for bytes",
                "nbytes is in bytes already: no factor of 4.",
                {"exchange": lambda b, n, bw, lat: 2 * (n - 1) * (lat + 4 * b / n / bw)},
                RING,
            ),
        ],
        lambda change: _faster(**change),
    ),
)
