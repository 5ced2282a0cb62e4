"""What a right answer to the exercise on counting is, and what each wrong answer means.

What is right is computed by torch's own layers on the meta device, or by a formula; see
`course.checking`.
"""

from __future__ import annotations

import dataclasses
import math

import torch

from course.checking import Task, case, mistakes, refuses
from course.checking.by_property import PropertyTask
from course.counting import own
from course.counting.own import show_net, show_table

__all__ = ["bottleneck_channels", "largest_batch", "mend_table", "my_net", "show_net", "show_table"]

LECTURE = "04_counting"
PARAMETERS = "How many parameters?"
MEMORY = "How much memory does an output take?"
TRAINING = "What does training keep?"
OPERATIONS = "How many operations?"
BUDGET = "What a bottleneck saves"


# A net of one's own


def _counted(
    own,
    depth=True,
    norm=2,
    conv_bias=0,
    bias=1,
    linear_bias=1,
    groups=None,
    padding=2,
    pool=2,
    up=False,
    square=False,
    places=None,
    batch=True,
    itemsize=4,
):
    """What is asked of a net, by formula, with the mistakes that are asked for."""
    groups = own.groups if groups is None else groups
    (first, second), (kH, kW) = own.widths, own.kernel
    if square:
        kW = kH
    room = [n + padding * (k // 2) - k for n, k in zip(own.size, own.kernel, strict=True)]
    H, W = (-(-r // 2) + 1 if up else r // 2 + 1 for r in room)
    h, w = (-(-n // pool) if up else n // pool for n in (H, W))
    conv = first * ((own.channels if depth else 1) * kH * kW + conv_bias)
    grouped = second * ((first // groups if depth else 1) * 9 + bias)
    features = second * h * w
    return {
        "conv": conv,
        "norm": norm * first,
        "grouped": grouped,
        "in_features": features,
        "parameters": conv + norm * first + grouped + own.classes * (features + linear_bias),
        "multiply_adds": (grouped - bias * second) * (h * w if places is None else places(H, W)),
        "bytes": (own.batch if batch else 1) * first * H * W * itemsize,
    }


def _named(result, table=False):
    """The net, or the table, of the name in a result."""
    if not isinstance(result, dict):
        raise ValueError("the result must be a dictionary; does the function return it?")
    if "name" not in result:
        raise ValueError('the result has no entry "name"')
    return (own.own_table if table else own.own_net)(result["name"])


def _entry(result, key):
    if key not in result:
        raise ValueError(f'the result has no entry "{key}"')
    return result[key]


def _asks(key):
    def judge(result):
        net, got = _named(result), _entry(result, key)
        if type(got) is not int:
            raise ValueError(f'"{key}" must be an integer, got {got!r}')
        # The right number is not said: it would be the answer.
        return "" if got == net.numbers()[key] else f"{got:,} is not the number"

    return judge


def _is_counted(**mistake):
    """Does a mistake give a result's numbers: the visible ones, or where those are right, all?"""

    def oracle(result):
        net = _named(result)
        right, found = net.numbers(), _counted(net, **mistake)
        seen = any(result[key] != right[key] for key in own.VISIBLE)
        return all(result[key] == found[key] for key in (own.VISIBLE if seen else own.ASKED))

    return oracle


my_net = PropertyTask(
    "my_net",
    {own.ASKED[key]: _asks(key) for key in own.VISIBLE},
    hidden={words: _asks(key) for key, words in own.ASKED.items() if key not in own.VISIBLE},
    lecture=LECTURE,
    section=PARAMETERS,
    misunderstandings=mistakes(
        PARAMETERS,
        [
            (
                "a count without the input channels",
                "A kernel is as deep as what it reads: this is the slides' formula.",
                {"depth": False},
            ),
            (
                "a count with biases in layer 0",
                "bias=False stands in its line.",
                {"conv_bias": 1},
            ),
            (
                "a batch norm that learns one number for each channel",
                "It learns a factor and a shift for each channel.",
                {"norm": 1},
            ),
            (
                "a batch norm whose running statistics are learnt",
                "The running mean and variance are kept, not learnt: they have no gradient.",
                {"norm": 4},
            ),
            (
                "a batch norm that learns nothing",
                "affine=True: a factor and a shift for each channel.",
                {"norm": 0},
            ),
            (
                "a layer 4 without groups",
                "A kernel of layer 4 sees the channels of its own group alone.",
                {"groups": 1},
            ),
            (
                "a layer 4 without biases",
                "Nothing is said of its bias: torch gives it one for each output channel.",
                {"bias": 0},
            ),
            (
                "a last layer without biases",
                "It has one for each of its outputs.",
                {"linear_bias": 0},
            ),
            (
                "sizes that are rounded up",
                "A last step that would carry the window over the border is not taken.",
                {"up": True},
                MEMORY,
            ),
            (
                "a padding that is counted on one side",
                "The zeros stand on both sides.",
                {"padding": 1},
                MEMORY,
            ),
            (
                "a net without its pooling",
                "Layer 3 halves height and width, and learns nothing.",
                {"pool": 1},
                MEMORY,
            ),
            (
                "square kernels in layer 0",
                "kernel_size=(kH, kW): the two differ.",
                {"square": True},
            ),
            (
                "an output of one picture",
                "Each picture of the batch has an output of its own.",
                {"batch": False},
                MEMORY,
            ),
            (
                "a number of values in place of bytes",
                "A number in float32 takes 4 bytes.",
                {"itemsize": 1},
                MEMORY,
            ),
        ],
        lambda mistake: _is_counted(**mistake),
    ),
)


# A table with mistakes


def _mends(column):
    words = {"size": "(row, (height, width))"}.get(column, "(row, number)")

    def judge(result):
        (row, right), got = _named(result, True).right()[column], _entry(result, column)
        if not isinstance(got, tuple) or len(got) != 2 or type(got[0]) is not int:
            raise ValueError(f'"{column}" must be {words}, got {got!r}')
        if got[0] != row:
            return f"the {column} of row {got[0]} is right as it stands"
        return "" if got[1] == right else f"row {row} is the one, but {got[1]} is not right either"

    return judge


def _mended(mistake):
    """Does a result mend the table as a mistake does? Only what is asked for here counts."""

    def oracle(result):
        table, found = _named(result, True), False
        for column, (row, right) in table.right().items():
            got = result[column]
            if got != (row, right):
                wrong = mistake(table, column, row)
                if wrong is not None and got != wrong:
                    return False
                found = found or got == wrong
        return found

    return oracle


def _with(changes, only=own.COLUMNS):
    """The right row, and what stands there once the layer is changed."""

    def mistake(table, column, row):
        layer = table.rows[row]
        changed = dataclasses.replace(layer, **changes(layer))
        return (row, changed.entries()[column]) if column in only else None

    return mistake


def _scaled(change, only):
    """The right row, and the right value changed by its layer and its entries."""

    def mistake(table, column, row):
        layer = table.rows[row]
        if column != only:
            return None
        return row, change(layer.entries(), layer)

    return mistake


mend_table = PropertyTask(
    "mend_table",
    {f"the wrong entry under {column}": _mends(column) for column in own.COLUMNS[:2]},
    hidden={f"the wrong entry under {column}": _mends(column) for column in own.COLUMNS[2:]},
    lecture=LECTURE,
    section=OPERATIONS,
    misunderstandings=mistakes(
        OPERATIONS,
        [
            (
                "rows counted from 1",
                "The first row is row 0, as it is printed.",
                lambda table, column, row: (row + 1, table.right()[column][1]),
            ),
            (
                "the entry as it is printed",
                "You have found it: now work out what should stand there.",
                lambda table, column, row: table.wrong[column],
            ),
            (
                "height and width in each other's place",
                "Height first, then width.",
                _scaled(lambda entries, layer: entries["size"][::-1], "size"),
                MEMORY,
            ),
            (
                "a size without padding",
                "Zeros on both sides make room for more places.",
                _with(lambda layer: {"padding": 0}, ("size",)),
                MEMORY,
            ),
            (
                "a padding that is counted on one side",
                "The zeros stand on both sides.",
                _scaled(
                    lambda entries, layer: (
                        tuple(
                            (n + layer.padding - layer.kernel_size) // layer.stride + 1
                            for n in layer.in_size
                        )
                        if layer.padding
                        else None
                    ),
                    "size",
                ),
                MEMORY,
            ),
            (
                "an output size without the + 1",
                "The first place of the window counts too.",
                _scaled(lambda entries, layer: tuple(n - 1 for n in entries["size"]), "size"),
                MEMORY,
            ),
            (
                "a count without the biases",
                "Each output channel has a bias.",
                _scaled(
                    lambda entries, layer: entries["parameters"] - layer.out_channels, "parameters"
                ),
                PARAMETERS,
            ),
            (
                "a count with a bias for each input channel",
                "A bias belongs to an output channel.",
                _scaled(
                    lambda entries, layer: (
                        entries["parameters"] - layer.out_channels + layer.in_channels
                    ),
                    "parameters",
                ),
                PARAMETERS,
            ),
            (
                "a count that divides both channels by the groups",
                "All kernels exist; each sees the channels of its own group.",
                _scaled(
                    lambda entries, layer: (
                        (entries["parameters"] - layer.out_channels) // layer.groups
                        + layer.out_channels
                    ),
                    "parameters",
                ),
                PARAMETERS,
            ),
            (
                "two operations for each multiply-add",
                "A multiplication and the addition after it are one multiply-add.",
                _scaled(lambda entries, layer: 2 * entries["multiply_adds"], "multiply_adds"),
            ),
            (
                "multiply-adds with the biases",
                "The text above the table says that biases count nothing.",
                _scaled(
                    lambda entries, layer: (
                        entries["multiply_adds"] + layer.out_channels * math.prod(entries["size"])
                    ),
                    "multiply_adds",
                ),
            ),
            (
                "multiply-adds without the input channels",
                "Each kernel reads the channels of its group.",
                _scaled(
                    lambda entries, layer: (
                        layer.out_channels * layer.kernel_size**2 * math.prod(entries["size"])
                    ),
                    "multiply_adds",
                ),
            ),
        ],
        _mended,
    ),
)


# The largest batch that fits

COPIES = {"sgd": 0, "momentum": 1, "adam": 2}


def _largest_batch(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    channels, x = in_channels, torch.empty(1, in_channels, *in_size, device="meta")
    learnt, kept = 0, x.numel()
    for out_channels, kernel_size, stride, padding in layers:
        layer = torch.nn.Conv2d(channels, out_channels, kernel_size, stride, padding, device="meta")
        channels, x = out_channels, layer(x)
        learnt += sum(p.numel() for p in layer.parameters())
        kept += x.numel()
    return (memory // itemsize - (2 + COPIES[optimizer]) * learnt) // kept


def _largest_batch_read(in_channels, in_size, layers, memory, optimizer="sgd", itemsize=4):
    copies = COPIES[optimizer]
    H, W = in_size
    channels = in_channels
    learnt = 0
    kept = channels * H * W
    for out_channels, kernel_size, stride, padding in layers:
        learnt = learnt + out_channels * (channels * kernel_size * kernel_size + 1)
        H = (H + 2 * padding - kernel_size) // stride + 1
        W = (W + 2 * padding - kernel_size) // stride + 1
        channels = out_channels
        kept = kept + channels * H * W
    return (memory - itemsize * (2 + copies) * learnt) // (itemsize * kept)


def _batch(**mistake):
    """An oracle with the mistakes that are asked for."""

    def oracle(in_channels, in_size, layers, memory, optimizer, itemsize):
        return _batch_by_formula(
            in_channels, in_size, layers, memory, optimizer, itemsize, **mistake
        )

    return oracle


def _batch_by_formula(
    in_channels,
    in_size,
    layers,
    memory,
    optimizer,
    itemsize,
    depth=True,
    bias=1,
    gradients=1,
    copies=lambda n: n,
    picture=1,
    outputs=1,
    last=True,
    shrink=True,
    padding=2,
    stride=True,
    up=False,
    bytes_of_weights=True,
    four=False,
    divide=lambda numbers, each: numbers // each,
):
    size, channels = tuple(in_size), in_channels
    learnt, kept = 0, [picture * channels * size[0] * size[1]]
    for out, k, s, p in layers:
        learnt += out * ((channels if depth else 1) * k * k + bias)
        room = [n + padding * p - k for n in size]
        step = s if stride else 1
        if shrink:
            size = tuple((-(-r // step) if up else r // step) + 1 for r in room)
        channels = out
        kept.append(outputs * out * size[0] * size[1])
    if not last:
        kept = kept[:-1]
    width = 4 if four else itemsize
    fixed = (1 + gradients + copies(COPIES[optimizer])) * learnt
    numbers = memory // width
    free = numbers - fixed if bytes_of_weights else (memory - fixed) // width
    return int(divide(free, sum(kept)))


def _cases_largest_batch(draw):
    yield case(1, (4, 4), [(2, 3, 1, 0)], 400)
    for optimizer, itemsize in (("momentum", 2), ("adam", 8), ("sgd", 4), ("adam", 4)):
        a, b, c, H, W = draw.distinct(5, 3, 12)
        layers = [(a + 5, 3, 1, 1), (b + 9, 5, 2, 1), (c + 2, 4, draw.integer(2, 3), 0)]
        size = (2 * H + 10, 2 * W + 11)
        yield case(
            draw.integer(2, 4), size, layers, draw.integer(10**9, 2 * 10**9), optimizer, itemsize
        )
    yield case(1, (1, 4), [(2, 1, 1, 0)], 400)
    # Exactly so many examples, and one byte less than that.
    a, b, examples = draw.distinct(3, 3, 20)
    args = 2, (a + 8, b + 9), [(b, 3, 2, 1), (a, 1, 1, 0)]
    for count, less in ((examples, 0), (examples, 1), (1, 0)):
        yield case(*args, _memory_of(*args, count, "momentum") - less, optimizer="momentum")
    yield refuses(ValueError, *args, _memory_of(*args, 1, "adam") - 1, "adam")
    yield refuses(ValueError, *args, 100)
    yield refuses(ValueError, *args, 10**6, optimizer="newton")


def _memory_of(in_channels, in_size, layers, examples, optimizer):
    """The bytes of so many examples, from two batches' difference of a memory that is ample."""
    (H, W), channels = in_size, in_channels
    learnt, kept = 0, channels * H * W
    for out, k, s, p in layers:
        learnt += out * (channels * k * k + 1)
        H, W = ((n + 2 * p - k) // s + 1 for n in (H, W))
        channels = out
        kept += out * H * W
    return 4 * ((2 + COPIES[optimizer]) * learnt + examples * kept)


largest_batch = Task(
    "largest_batch",
    _largest_batch,
    cases=_cases_largest_batch,
    lecture=LECTURE,
    section=TRAINING,
    formula=_largest_batch_read,
    misunderstandings=mistakes(
        TRAINING,
        [
            (
                "memory without the gradients",
                "Every learnt number has a gradient of the same size.",
                {"gradients": 0},
            ),
            (
                "memory without what the optimiser remembers",
                "Momentum keeps one number for each learnt number, Adam two.",
                {"copies": lambda n: 0},
            ),
            (
                "momentum's memory for Adam",
                "Adam keeps two numbers for each learnt number.",
                {"copies": lambda n: min(n, 1)},
            ),
            (
                "memory of the optimiser for plain SGD too",
                "Plain SGD remembers nothing from step to step.",
                {"copies": lambda n: max(n, 1)},
            ),
            (
                "convolutions that keep their outputs",
                "A convolution's output is not needed: its input is, and the rectifier's output.",
                {"outputs": 2},
            ),
            (
                "a picture that is not kept",
                "The first convolution needs its input too: the picture.",
                {"picture": 0},
            ),
            (
                "a last output that is not kept",
                "The last rectifier needs its output, though no convolution follows.",
                {"last": False},
            ),
            (
                "kernels without depth",
                "A kernel is as deep as its input.",
                {"depth": False},
                PARAMETERS,
            ),
            (
                "layers without biases",
                "Each output channel has a bias.",
                {"bias": 0},
                PARAMETERS,
            ),
            (
                "pictures that keep their size",
                "Each layer has its own output size.",
                {"shrink": False},
                MEMORY,
            ),
            (
                "a stride that is ignored",
                "With stride s there are about 1/s as many rows and columns.",
                {"stride": False},
                MEMORY,
            ),
            (
                "a padding that is ignored",
                "Padding enlarges the input on both sides.",
                {"padding": 0},
                MEMORY,
            ),
            (
                "a padding that is counted once",
                "Padding is on both sides: 2 * padding.",
                {"padding": 1},
                MEMORY,
            ),
            (
                "sizes that are rounded up",
                "A last step that would carry the window over the border is not taken.",
                {"up": True},
                MEMORY,
            ),
            (
                "weights that take one byte each",
                "The weights, gradients and copies take `itemsize` bytes each too.",
                {"bytes_of_weights": False},
            ),
            (
                "a batch that is rounded up",
                "One example more would not fit.",
                {"divide": lambda numbers, each: -(-numbers // each)},
            ),
            (
                "memory for what the examples need alone",
                "Weights, gradients and the optimiser's copies take their part first.",
                {"gradients": -1, "copies": lambda n: 0},
            ),
        ],
        lambda mistake: _batch(**mistake),
    ),
)

# A layer under a budget


def _bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    """The most channels that a 1 x 1 convolution may leave: every channel costs the same."""

    def cost(channels):
        before = torch.nn.Conv2d(in_channels, channels, 1, bias=False, device="meta")
        after = torch.nn.Conv2d(channels, out_channels, kernel_size, bias=False, device="meta")
        return (before.weight.numel() + after.weight.numel()) * size * size

    return budget // cost(1)


def _bottleneck_channels_read(in_channels, out_channels, kernel_size, size, budget):
    before = size * size * in_channels
    after = size * size * out_channels * kernel_size * kernel_size
    return budget // (before + after)


def _bottleneck(formula):
    def oracle(in_channels, out_channels, kernel_size, size, budget):
        return formula(in_channels, out_channels, kernel_size, size, budget)

    return oracle


def _cases_bottleneck(draw):
    yield case(4, 2, 3, 2, 600)
    for _ in range(4):
        c, o = draw.distinct(2, 16, 256)
        k, s = draw.choice(3, 5), draw.integer(7, 28)
        one = s * s * (c + k * k * o)
        # A little under a whole number of channels: rounding must go down.
        yield case(c, o, k, s, draw.integer(5, 40) * one + one - draw.integer(1, 9))
    c, o = draw.distinct(2, 16, 64)
    yield case(1, 1, 1, 1, 7)
    yield case(2, 2, 3, 2, 600)
    yield case(c, o, 3, 5, 12 * 25 * (c + 9 * o))
    yield case(c, o, 3, 5, 25 * (c + 9 * o))
    yield case(c, o, 3, 5, 9 * 25 * (c + 9 * o) + 1)  # nothing is left for biases
    yield refuses(ValueError, c, o, 3, 5, 25 * (c + 9 * o) - 1)
    yield case(c, o, 3, 300, 10**9 * draw.integer(3, 9))  # more than 2**31


bottleneck_channels = Task(
    "bottleneck_channels",
    _bottleneck_channels,
    cases=_cases_bottleneck,
    lecture=LECTURE,
    section=BUDGET,
    formula=_bottleneck_channels_read,
    misunderstandings=mistakes(
        BUDGET,
        [
            (
                "a number rounded up",
                "One channel more costs more than the budget: round down.",
                lambda c, o, k, s, b: -(-b // (s * s * (c + k * k * o))),
            ),
            (
                "a number below the budget, where it may be reached",
                "A cost equal to the budget is within it.",
                lambda c, o, k, s, b: (b - 1) // (s * s * (c + k * k * o)),
            ),
            (
                "a cost with the biases",
                "A bias is added, not multiplied: it costs no multiply-add.",
                lambda c, o, k, s, b: (b - s * s * o) // (s * s * (c + k * k * o + 1)),
            ),
            (
                "a budget for the k x k convolution alone",
                "The 1 x 1 convolution before it costs something too.",
                lambda c, o, k, s, b: b // (s * s * k * k * o),
            ),
            (
                "a budget for the 1 x 1 convolution alone",
                "The k x k convolution after it costs the most.",
                lambda c, o, k, s, b: b // (s * s * c),
            ),
            (
                "a cost without the pixels",
                "Each weight is used at size * size places.",
                lambda c, o, k, s, b: b // (c + k * k * o),
            ),
            (
                "a picture of `size` pixels",
                "The picture has size * size pixels.",
                lambda c, o, k, s, b: b // (s * (c + k * k * o)),
            ),
            (
                "a kernel of k weights",
                "A k x k kernel has k * k weights for each channel.",
                lambda c, o, k, s, b: b // (s * s * (c + k * o)),
            ),
            (
                "a k x k kernel in both convolutions",
                "The reduction is 1 x 1: it costs in_channels for each of its outputs.",
                lambda c, o, k, s, b: b // (s * s * k * k * (c + o)),
            ),
            (
                "two operations for each multiply-add",
                "The budget is in multiply-adds.",
                lambda c, o, k, s, b: b // (2 * s * s * (c + k * k * o)),
            ),
            (
                "a product of the two costs",
                "The two convolutions come one after the other: their costs add up.",
                lambda c, o, k, s, b: b // (s * s * c * k * k * o),
            ),
            (
                "a picture that the k x k kernel shrinks",
                "The k x k convolution is padded: it keeps size * size places.",
                lambda c, o, k, s, b: b // (s * s * c + (s - k + 1) ** 2 * k * k * o),
            ),
        ],
        _bottleneck,
    ),
)
