"""What a right answer to the exercise on arithmetic is, and what each wrong answer means.

What is right is computed by torch's layers on the meta device, by its gradients, and by closed
formulas; see `course.checking`.
"""

from __future__ import annotations

import bisect
import functools
import operator

import torch
import torch.nn.functional as F

from course.arithmetic.design import design_task
from course.checking import Misunderstanding, Task, case, pair, refuses

LECTURE = "02_arithmetic"
PLACES = "How many places a window has"
PADDING = "Padding keeps the size"
STRIDE = "Stride and the floor"
DILATION = "Dilation spreads the window"
TRANSPOSED = "Transposed convolution gives the size back"
FIELD = "What one output sees"


def _mistakes(*rows):
    """Misunderstandings from rows of (name, what puts it right, section, oracle)."""
    return [Misunderstanding(*row) for row in rows]


def _extent(k, d):
    return d * (k - 1) + 1


# The size of an output, along two axes


def _empty(*shape):
    return torch.empty(shape, device="meta")


def _output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    x, weight = _empty(1, 1, *input_size), _empty(1, 1, *pair(kernel_size))
    return tuple(F.conv2d(x, weight, None, stride, padding, dilation).shape[2:])


def _output_size_read(input_size, kernel_size, stride=1, padding=0, dilation=1):
    result = []
    options = map(pair, (kernel_size, stride, padding, dilation))
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        extent = d * (k - 1) + 1
        result.append((n + 2 * p - extent) // s + 1)
    return tuple(result)


def _by_axis(formula):
    """An oracle that applies formula(n, k, s, p, d) to each axis."""

    def oracle(input_size, kernel_size, stride, padding, dilation):
        options = map(pair, (kernel_size, stride, padding, dilation))
        return tuple(formula(*sizes) for sizes in zip(input_size, *options, strict=True))

    return oracle


def _first_of_each_pair(input_size, kernel_size, stride, padding, dilation):
    first = [pair(value)[0] for value in (kernel_size, stride, padding, dilation)]
    return _output_size(input_size, *first)


def _swapped_pairs(input_size, kernel_size, stride, padding, dilation):
    swapped = [pair(value)[::-1] for value in (kernel_size, stride, padding, dilation)]
    return _output_size(input_size, *swapped)


def _cases_output_size(draw):
    yield case((6, 5), 3)
    yield case((7, draw.integer(9, 12)), 3, stride=2)
    yield case((8, 11), (2, 3), stride=(draw.choice(3, 5), draw.choice(3, 5)))
    yield case((draw.integer(5, 7), draw.integer(9, 12)), (5, 2), padding=(2, 1))
    yield case((draw.integer(18, 20), 23), (3, 4), dilation=(draw.integer(3, 5), 2))
    k, s, p = draw.distinct(2, 3, 6), draw.distinct(2, 2, 5), draw.distinct(2, 1, 2)
    H, W = draw.distinct(2, 24, 40)
    yield case((H, W), tuple(k), tuple(s), tuple(p), (2, draw.integer(3, 4)))
    # Both quotients have a remainder, the first below one half and the second above it.
    s = draw.integer(4, 6)
    yield case((4 * s + 3 + 1, 6 * s + 3 + s - 1), 5, stride=s, padding=1)
    yield case((224, 224), draw.choice(7, 11), stride=draw.choice(2, 4), padding=(2, 3))
    size = draw.integer(3, 6)
    yield case((size, size + 3), (size, 4))
    yield case((size, 9), (size + draw.integer(3, 4), 3), padding=(2, 1))
    yield case((1, 7), 1, 2, (2, 1), (3, 1))
    yield case((3, 7), 1, (3, 2), (3, 1), (3, 1))
    yield refuses(ValueError, (size, size + 5), (size + draw.integer(1, 3), 2))
    yield refuses(ValueError, (9, size + 1), (2, 3), padding=(0, 1), dilation=(1, size))
    # Less is missing than the stride: a quotient cut off towards zero would be 0, not -1.
    yield refuses(ValueError, (size, 9), (size + 1, 2), stride=draw.integer(3, 4))
    yield refuses(ValueError, (9, size), (2, size + 2), stride=(1, draw.integer(4, 5)))


output_size = Task(
    "output_size",
    _output_size,
    cases=_cases_output_size,
    lecture=LECTURE,
    section=STRIDE,
    names=("H_out", "W_out"),
    formula=_output_size_read,
    misunderstandings=_mistakes(
        (
            "a division rounded up",
            "A window that begins inside but does not fit is not computed: round down.",
            STRIDE,
            _by_axis(lambda n, k, s, p, d: -(-(n + 2 * p - _extent(k, d)) // s) + 1),
        ),
        (
            "a division rounded to the nearest integer",
            "However little is missing, the last window does not fit: round down.",
            STRIDE,
            _by_axis(lambda n, k, s, p, d: round((n + 2 * p - _extent(k, d)) / s) + 1),
        ),
        (
            "a count of the steps instead of the places",
            "One step has two ends: the first place counts too, so add 1 to the steps.",
            PLACES,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - _extent(k, d)) // s),
        ),
        (
            "a 1 that is added before the division",
            "Divide the pixels behind the first window by the stride, then add 1.",
            STRIDE,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - _extent(k, d) + 1) // s),
        ),
        (
            "a quotient of the padded size, with no window taken off",
            "Only the pixels behind the first window are left for steps.",
            STRIDE,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p) // s),
        ),
        (
            "a padding that is counted once",
            "`padding` zeros stand on each side: n grows by 2 * p.",
            PADDING,
            _by_axis(lambda n, k, s, p, d: (n + p - _extent(k, d)) // s + 1),
        ),
        (
            "a padding that is ignored",
            "`padding` zeros stand on each side: n grows by 2 * p.",
            PADDING,
            _by_axis(lambda n, k, s, p, d: (n - _extent(k, d)) // s + 1),
        ),
        (
            "a padding that is added to the output",
            "The zeros go around the input, so the stride runs over them too.",
            PADDING,
            _by_axis(lambda n, k, s, p, d: (n - _extent(k, d)) // s + 1 + 2 * p),
        ),
        (
            "a padding with its sign turned",
            "Padding makes the input larger: + 2 * p.",
            PADDING,
            _by_axis(lambda n, k, s, p, d: (n - 2 * p - _extent(k, d)) // s + 1),
        ),
        (
            "a dilation that is ignored",
            "The window spans d * (k - 1) + 1 pixels, from its first tap to its last.",
            DILATION,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - k) // s + 1),
        ),
        (
            "a window of d * k pixels",
            "Between k taps there are k - 1 gaps: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - d * k) // s + 1),
        ),
        (
            "a window of k + d - 1 pixels",
            "Every one of the k - 1 gaps is d wide: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - (k + d - 1)) // s + 1),
        ),
        (
            "a window with d zeros between its taps",
            "Dilation is the step from tap to tap: d - 1 pixels lie between, and 1 leaves none.",
            DILATION,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - _extent(k, d + 1)) // s + 1),
        ),
        (
            "a window of d * (k - 1) pixels",
            "The last tap is a pixel too: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            _by_axis(lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s + 1),
        ),
        (
            "the first number of each pair for both axes",
            "A pair is (vertical, horizontal): each axis has its own numbers.",
            STRIDE,
            _first_of_each_pair,
        ),
        (
            "pairs with their two axes swapped",
            "A pair is (vertical, horizontal), as the size is (height, width).",
            STRIDE,
            _swapped_pairs,
        ),
        (
            "a height that is given twice",
            "Height and width follow the same formula, each with its own numbers.",
            STRIDE,
            lambda **sizes: (_output_size(**sizes)[0],) * 2,
        ),
    ),
)

# Padding that keeps the size


def _same_padding(kernel_size, dilation=1):
    """A kernel with one tap moves an impulse: by as many pixels as torch put zeros."""
    n = dilation * kernel_size
    impulses, taps = torch.eye(n)[:, None], torch.eye(kernel_size)[:, None]
    first = F.conv1d(impulses[:1], taps[:1], padding="same", dilation=dilation)
    last = F.conv1d(impulses[-1:], taps[-1:], padding="same", dilation=dilation)
    return int(first.argmax()), n - 1 - int(last.argmax())


def _same_padding_read(kernel_size, dilation=1):
    total = dilation * (kernel_size - 1)
    before = total // 2
    return before, total - before


def _split(total):
    return total // 2, total - total // 2


def _cases_same_padding(draw):
    yield case(3)
    yield case(draw.choice(5, 7, 9))
    yield case(4)
    yield case(draw.choice(3, 5), dilation=draw.choice(2, 4))
    yield case(draw.choice(4, 6), dilation=2)
    yield case(draw.choice(4, 6, 8), dilation=3)
    yield case(2, dilation=draw.choice(3, 5, 7))
    yield case(draw.choice(2, 6, 8))
    yield case(1, draw.integer(2, 5))
    yield case(3, 3)
    yield case(draw.choice(7, 9), 3)


same_padding = Task(
    "same_padding",
    _same_padding,
    cases=_cases_same_padding,
    lecture=LECTURE,
    section=PADDING,
    names=("before", "after"),
    formula=_same_padding_read,
    misunderstandings=_mistakes(
        (
            "a dilation that is ignored",
            "The window spans d * (k - 1) + 1 pixels, so d * (k - 1) zeros are needed.",
            DILATION,
            lambda kernel_size, dilation: _split(kernel_size - 1),
        ),
        (
            "k // 2 zeros on each side",
            "Together they must be d * (k - 1): dilation counts, and an even kernel needs an odd "
            "number.",
            PADDING,
            lambda kernel_size, dilation: (kernel_size // 2,) * 2,
        ),
        (
            "(k - 1) // 2 zeros on each side",
            "Together they must be d * (k - 1): dilation counts, and an even kernel needs an odd "
            "number.",
            PADDING,
            lambda kernel_size, dilation: ((kernel_size - 1) // 2,) * 2,
        ),
        (
            "d * (k // 2) zeros on each side",
            "For an even kernel this is too much: together they must be d * (k - 1).",
            PADDING,
            lambda kernel_size, dilation: (dilation * (kernel_size // 2),) * 2,
        ),
        (
            "d * ((k - 1) // 2) zeros on each side",
            "For an even kernel this is too little: together they must be d * (k - 1).",
            PADDING,
            lambda kernel_size, dilation: (dilation * ((kernel_size - 1) // 2),) * 2,
        ),
        (
            "zeros that are split before they are dilated",
            "First d * (k - 1), then halve it: the halves differ by one zero at most.",
            PADDING,
            lambda kernel_size, dilation: tuple(
                dilation * half for half in _split(kernel_size - 1)
            ),
        ),
        (
            "an odd number rounded down on both sides",
            "An odd number of zeros has two different halves: the sum must stay d * (k - 1).",
            PADDING,
            lambda kernel_size, dilation: (dilation * (kernel_size - 1) // 2,) * 2,
        ),
        (
            "an odd number rounded up on both sides",
            "An odd number of zeros has two different halves: the sum must stay d * (k - 1).",
            PADDING,
            lambda kernel_size, dilation: (-(-dilation * (kernel_size - 1) // 2),) * 2,
        ),
        (
            "all the zeros in front",
            "The output should lie in the middle of its window: half of the zeros go behind.",
            PADDING,
            lambda kernel_size, dilation: (dilation * (kernel_size - 1), 0),
        ),
        (
            "all the zeros behind",
            "The output should lie in the middle of its window: half of the zeros go in front.",
            PADDING,
            lambda kernel_size, dilation: (0, dilation * (kernel_size - 1)),
        ),
        (
            "all the zeros on both sides",
            "d * (k - 1) is what both sides have together.",
            PADDING,
            lambda kernel_size, dilation: (dilation * (kernel_size - 1),) * 2,
        ),
        (
            "a window of d * k pixels",
            "Between k taps there are k - 1 gaps: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            lambda kernel_size, dilation: _split(dilation * kernel_size - 1),
        ),
        (
            "zeros for the window's whole extent",
            "A window of 1 pixel needs no zero: one less than the extent is enough.",
            PADDING,
            lambda kernel_size, dilation: _split(_extent(kernel_size, dilation)),
        ),
        (
            "a window of k + d - 1 pixels",
            "Every one of the k - 1 gaps is d wide: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            lambda kernel_size, dilation: _split(kernel_size + dilation - 2),
        ),
        (
            "a window with d zeros between its taps",
            "Dilation is the step from tap to tap: d - 1 pixels lie between, and 1 leaves none.",
            DILATION,
            lambda kernel_size, dilation: _split((dilation + 1) * (kernel_size - 1)),
        ),
    ),
)

# A layer for two given sizes


LARGEST = 60  # a search that has found no smaller kernel ends without a result


STRIDE_FIRST, PADDING_FIRST = operator.itemgetter(1), operator.itemgetter(2)


def _by_kernel():
    """All (kernel_size, stride, padding) that may be asked for, best first."""
    return _kernels(lambda k: k, lambda k: k - 1)


@functools.cache
def _ordered(key):
    """The same in another order; sorted once."""
    return sorted(_by_kernel(), key=key)


def _longest_stride(layer):
    return layer[0], -layer[1]


def _kernels(stride, padding):
    """Layers by kernel size k, with strides up to stride(k) and paddings up to padding(k)."""
    return (
        (k, s, p)
        for k in range(1, LARGEST)
        for s in range(1, stride(k) + 1)
        for p in range(padding(k) + 1)
    )


def _exact(n, o, k, s, p):
    return n + 2 * p >= k and (o - 1) * s == n + 2 * p - k


def _rounded(n, o, k, s, p):
    return n + 2 * p >= k and (n + 2 * p - k) // s + 1 == o


def _find_layer(input_size, output_size, tried=None, maps=_exact):
    """The first of the layers tried that maps one size to the other."""
    tried = _by_kernel() if tried is None else tried
    return next(one for one in tried if maps(input_size, output_size, *one))


def _find_layer_read(input_size, output_size):
    n, o = input_size, output_size
    sizes = range(1, n + o + 1)
    fitting = [
        (k, s, p)
        for k in sizes
        for s in sizes
        for p in range(n + o)
        if s <= k and p < k and (n + 2 * p - k) / s + 1 == o
    ]
    return min(fitting, key=lambda layer: (layer[0], layer[1], layer[2]))


def _cases_find_layer(draw):
    yield case(7, 3)
    yield case(5, 5)
    yield case(32, 28)
    yield case(28, 14)
    n = draw.integer(3, 8)
    yield case(2 * n + 1, n + 1)
    yield case(3 * draw.choice(7, 9), 7)
    yield case(n + 1, n + draw.integer(4, 6))
    yield case(draw.integer(4, 6) * 4 + 3, 6)
    yield case(67, draw.choice(16, 17, 13))
    yield case(2 * n + 2, n - 1)
    yield case(draw.choice(11, 13), 2)
    yield case(3, draw.choice(1, 9))
    yield case(1, draw.integer(2, 4))
    yield case(3, draw.integer(19, 23))  # the kernel is larger than the input
    yield case(draw.integer(31, 35), 9)


find_layer = Task(
    "find_layer",
    lambda input_size, output_size: _find_layer(input_size, output_size),
    cases=_cases_find_layer,
    lecture=LECTURE,
    section=STRIDE,
    formula=_find_layer_read,
    names=("kernel_size", "stride", "padding"),
    misunderstandings=_mistakes(
        (
            "a layer that leaves pixels unread, since a floor hides them",
            "The last window must end with the last padded pixel: (o - 1) * s == n + 2 * p - k.",
            STRIDE,
            lambda input_size, output_size: _find_layer(input_size, output_size, maps=_rounded),
        ),
        (
            "a layer whose windows lie in the padding",
            "A padding of k or more makes outputs that see no pixel: keep p < k.",
            PADDING,
            lambda input_size, output_size: _find_layer(
                input_size,
                output_size,
                _kernels(lambda k: k, lambda k: 3 * output_size),
            ),
        ),
        (
            "a layer that jumps over pixels",
            "A stride longer than the kernel leaves pixels between two windows: keep s <= k.",
            STRIDE,
            lambda input_size, output_size: _find_layer(
                input_size,
                output_size,
                _kernels(lambda k: input_size + 2, lambda k: k - 1),
            ),
        ),
        (
            "the longest stride instead of the shortest",
            "Of layers with the same kernel size, the one with the smallest stride is wanted.",
            STRIDE,
            lambda input_size, output_size: _find_layer(
                input_size, output_size, _ordered(_longest_stride)
            ),
        ),
        (
            "a layer of stride 1, whatever the sizes",
            "The smallest kernel comes first, and the stride second.",
            STRIDE,
            lambda input_size, output_size: _find_layer(
                input_size, output_size, _ordered(STRIDE_FIRST)
            ),
        ),
        (
            "the smallest padding, whatever the kernel",
            "The smallest kernel comes first, and the stride second.",
            STRIDE,
            lambda input_size, output_size: _find_layer(
                input_size, output_size, _ordered(PADDING_FIRST)
            ),
        ),
        (
            "a search among odd kernels",
            "A kernel may be even.",
            PADDING,
            lambda input_size, output_size: _find_layer(
                input_size, output_size, (one for one in _by_kernel() if one[0] % 2)
            ),
        ),
        (
            "a search among kernels of more than one tap",
            "A 1 x 1 kernel is a layer too.",
            PLACES,
            lambda input_size, output_size: _find_layer(
                input_size, output_size, (one for one in _by_kernel() if one[0] > 1)
            ),
        ),
        (
            "a padding that is counted once",
            "`padding` zeros stand on each side: n grows by 2 * p.",
            PADDING,
            lambda input_size, output_size: _find_layer(
                input_size,
                output_size,
                maps=lambda n, o, k, s, p: (o - 1) * s == n + p - k,
            ),
        ),
        (
            "a count of the steps instead of the places",
            "One step has two ends: o places take o - 1 steps.",
            PLACES,
            lambda input_size, output_size: _find_layer(input_size, output_size + 1),
        ),
        (
            "a layer in the order (kernel_size, padding, stride)",
            "The result is (kernel_size, stride, padding).",
            STRIDE,
            lambda input_size, output_size: tuple(
                _find_layer(input_size, output_size)[i] for i in (0, 2, 1)
            ),
        ),
        (
            "a layer in the order (stride, padding, kernel_size)",
            "The result is (kernel_size, stride, padding).",
            STRIDE,
            lambda input_size, output_size: tuple(
                _find_layer(input_size, output_size)[i] for i in (1, 2, 0)
            ),
        ),
    ),
)

# What an output behind several layers sees


def _receptive_field(layers):
    """Where the gradients of two neighbouring outputs are not zero, in a signal long enough."""
    reach = sum(_extent(k, d) + 2 * p for k, _, p, d in layers)
    strides = 1
    for _, s, _, _ in layers:
        strides *= s
    x = torch.ones(1, 1, 2 * strides * (reach + 4), dtype=torch.float64, requires_grad=True)
    y = x
    for k, s, p, d in layers:
        weight = torch.full((1, 1, k), 1 / k, dtype=torch.float64)
        y = F.conv1d(y, weight, None, s, p, d)
    i = y.shape[2] // 2
    ends = []
    for place in (i, i + 1):
        (grad,) = torch.autograd.grad(y[0, 0, place], x, retain_graph=True)
        seen = grad[0, 0].nonzero()
        ends.append((int(seen[0]), int(seen[-1])))
    (first, last), (following, _) = ends
    jump = following - first
    return last - first + 1, jump, first - i * jump


def _steps(grow, move, widen=lambda jump, s, d: jump * s, first=1):
    """An oracle that goes through the layers with other rules than the right ones.

    Args:
        grow: (size, jump, new jump, k, d) -> size.
        move: (start, jump, new jump, p) -> start.
        widen: (jump, s, d) -> new jump.
        first: the size of the field before any layer.
    """

    def oracle(layers):
        size, jump, start = first, 1, 0
        for k, s, p, d in layers:
            new = widen(jump, s, d)
            size, start = grow(size, jump, new, k, d), move(start, jump, new, p)
            jump = new
        return size, jump, start

    return oracle


def _receptive_field_read(layers):
    size, jump, start = 1, 1, 0
    for k, s, p, d in layers:
        size = size + d * (k - 1) * jump
        start = start - p * jump
        jump = jump * s
    return size, jump, start


def _grow(size, jump, new, k, d):
    return size + d * (k - 1) * jump


def _move(start, jump, new, p):
    return start - p * jump


def _layer(draw, kernel=(2, 5), stride=(1, 3), padding=(0, 2), dilation=(1, 3)):
    return tuple(draw.integer(*limits) for limits in (kernel, stride, padding, dilation))


def _cases_receptive_field(draw):
    yield case([(3, 1, 0, 1)])
    yield case([(3, 1, 1, 1), (3, 1, 1, 1)])
    yield case([(draw.integer(3, 5), 2, 0, 1), (3, 1, 0, 1)])
    yield case([(3, 2, 1, 1), (draw.integer(4, 5), 3, 2, 1), (2, 2, 0, 1)])
    yield case([(draw.integer(2, 4), 1, 0, 2), (3, 1, 0, draw.integer(3, 4))])
    yield case([(2, 3, 0, 1), (3, 2, draw.integer(1, 2), 2), (3, 1, 1, 3)])
    yield case([_layer(draw, padding=(1, 3)) for _ in range(3)])
    yield case([(5, 1, 0, 1), (2, 2, 0, 1)] * 2 + [(5, 1, 0, 1)])
    yield case([(7, 2, 3, 1), (3, 2, 1, 1), *[(3, 1, 1, 1)] * draw.integer(2, 4)])
    yield case([(1, draw.integer(2, 3), 0, 1), _layer(draw, stride=(2, 3)), _layer(draw)])


receptive_field = Task(
    "receptive_field",
    _receptive_field,
    cases=_cases_receptive_field,
    lecture=LECTURE,
    section=FIELD,
    names=("size", "jump", "start"),
    formula=_receptive_field_read,
    misunderstandings=_mistakes(
        (
            "a size that grows by the jump behind the layer",
            "The taps lie apart by the jump in front of the layer: its own stride comes later.",
            FIELD,
            _steps(lambda size, jump, new, k, d: size + d * (k - 1) * new, _move),
        ),
        (
            "a start that moves by the jump behind the layer",
            "The zeros stand in the layer's input, so they are the old jump apart.",
            FIELD,
            _steps(_grow, lambda start, jump, new, p: start - p * new),
        ),
        (
            "a size and a start that use the jump behind the layer",
            "Taps and zeros belong to the layer's input: multiply the jump by the stride last.",
            FIELD,
            _steps(
                lambda size, jump, new, k, d: size + d * (k - 1) * new,
                lambda start, jump, new, p: start - p * new,
            ),
        ),
        (
            "a size that grows by k times the jump",
            "k taps are k - 1 steps apart: the size grows by (k - 1) * d * jump.",
            FIELD,
            _steps(lambda size, jump, new, k, d: size + d * k * jump, _move),
        ),
        (
            "a size that is 1 too small",
            "Count the first pixel and the last: a 3 x 3 window sees 3 pixels, a pixel itself 1.",
            FIELD,
            _steps(_grow, _move, first=0),
        ),
        (
            "strides that are added up",
            "A step of s in this layer is s steps of the layer before: jumps multiply.",
            FIELD,
            _steps(_grow, _move, widen=lambda jump, s, d: jump + s - 1),
        ),
        (
            "strides that are ignored",
            "Behind a layer of stride s, neighbours see fields s times further apart.",
            FIELD,
            _steps(_grow, _move, widen=lambda jump, s, d: 1),
        ),
        (
            "the stride of the last layer as the jump",
            "The jump is the product of all the strides so far.",
            FIELD,
            _steps(_grow, _move, widen=lambda jump, s, d: s),
        ),
        (
            "strides that count for the jump but not for the size",
            "Behind a stride, the taps of the next layer lie `jump` pixels apart.",
            FIELD,
            _steps(lambda size, jump, new, k, d: size + d * (k - 1), _move),
        ),
        (
            "kernels that are multiplied",
            "Fields grow by adding: two 3x3 see 5 pixels, not 9.",
            FIELD,
            _steps(lambda size, jump, new, k, d: size * _extent(k, d), _move),
        ),
        (
            "a dilation that is ignored",
            "With dilation the taps lie d * jump pixels apart.",
            DILATION,
            _steps(lambda size, jump, new, k, d: size + (k - 1) * jump, _move),
        ),
        (
            "a dilation that widens the jump",
            "Dilation spreads the taps of one window; it does not move the next window.",
            DILATION,
            _steps(_grow, _move, widen=lambda jump, s, d: jump * s * d),
        ),
        (
            "a window of d * k pixels",
            "Between k taps there are k - 1 gaps: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            _steps(lambda size, jump, new, k, d: size + (d * k - 1) * jump, _move),
        ),
        (
            "a padding that is not multiplied by the jump",
            "A zero of a deep layer stands for `jump` pixels of the input.",
            FIELD,
            _steps(_grow, lambda start, jump, new, p: start - p),
        ),
        (
            "a padding that is ignored",
            "Padding puts the first window in front of the picture: start gets negative.",
            PADDING,
            _steps(_grow, lambda start, jump, new, p: 0),
        ),
        (
            "a start with its sign turned",
            "Padding puts the first window in front of the picture: start gets negative.",
            PADDING,
            _steps(_grow, lambda start, jump, new, p: start + p * jump),
        ),
        (
            "a size from which the padding is taken off",
            "A window over the border is as large as any other: padding moves it only.",
            PADDING,
            lambda layers: (
                _receptive_field(layers)[0] + 2 * _receptive_field(layers)[2],
                *_receptive_field(layers)[1:],
            ),
        ),
        (
            "a field whose order is (size, start, jump)",
            "The result is (size, jump, start).",
            FIELD,
            lambda layers: tuple(_receptive_field(layers)[i] for i in (0, 2, 1)),
        ),
    ),
)

# The input of a transposed layer


def _invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    """The longest input whose output, by torch's layer, is not too long; the rest is behind it."""
    weight = _empty(1, 1, kernel_size)

    def size(n):
        # Without padding: torch refuses to make nothing.
        y = F.conv_transpose1d(_empty(1, 1, n), weight, None, stride, dilation=dilation)
        return y.shape[2] - 2 * padding

    n = bisect.bisect_right(range(1, output_size + 2 * padding + 1), output_size, key=size)
    if n == 0:
        raise ValueError("no input has this output size")
    return n, output_size - size(n)


def _invert_transposed_read(output_size, kernel_size, stride=1, padding=0, dilation=1):
    window = dilation * (kernel_size - 1) + 1
    behind = output_size + 2 * padding - window
    if behind < 0:
        raise ValueError
    return behind // stride + 1, behind % stride


def _inverted(total, plus=1):
    """An oracle: divide `total(o, k, p, d)` by the stride, with the remainder as output_padding."""

    def oracle(output_size, kernel_size, stride, padding, dilation):
        behind = total(output_size, kernel_size, padding, dilation)
        return behind // stride + plus, behind % stride

    return oracle


def _behind(o, k, p, d):
    return o + 2 * p - _extent(k, d)


def _rounded_up(output_size, kernel_size, stride, padding, dilation):
    behind = _behind(output_size, kernel_size, padding, dilation)
    return -(-behind // stride) + 1, -behind % stride


def _cases_invert_transposed(draw):
    yield case(7, 3, stride=2)
    yield case(draw.choice(8, 10, 12), 3, stride=2, padding=1)
    yield case(draw.integer(6, 9), draw.integer(3, 5))
    s = draw.integer(3, 5)
    yield case(s * draw.integer(3, 5) + 1, 4, stride=s)
    yield case(s * draw.integer(3, 5) + 2, 3, stride=s, padding=draw.integer(1, 2))
    yield case(draw.integer(14, 19), 3, 2, padding=0, dilation=draw.integer(3, 4))
    yield case(1, 1)
    yield case(3, 1, 2, 2)
    yield case(5, 2, 2, 2)
    yield case(1, 3, 2, 2)
    yield case(2, 3, 2, 2)
    yield case(2, 2, 1, 1, 3)
    yield case(28, 4, stride=2, padding=1)
    yield case(draw.integer(20, 26), draw.integer(4, 5), s, padding=2, dilation=2)
    yield case(draw.integer(31, 39), draw.integer(2, 3), s, padding=1, dilation=3)
    yield case(224, 5, 4, draw.integer(1, 2))
    k = draw.integer(4, 6)
    yield case(k, k, stride=2)
    yield refuses(ValueError, k - 1, k, stride=draw.integer(2, 3))
    yield refuses(ValueError, 6, 4, 2, padding=1, dilation=draw.integer(3, 4))
    # The kernel is larger than the output, and padding takes off what is too much.
    yield case(k - 1, k, 2, 1)
    yield case(3 * k, 7, 2, 3)
    yield case(k, 4, 3, 2, dilation=2)
    yield refuses(ValueError, 5, 8, 4, 1)  # by one pixel


invert_transposed = Task(
    "invert_transposed",
    _invert_transposed,
    cases=_cases_invert_transposed,
    lecture=LECTURE,
    section=TRANSPOSED,
    formula=_invert_transposed_read,
    names=("input_size", "output_padding"),
    misunderstandings=_mistakes(
        (
            "an output_padding that is always 0",
            "What the division leaves over must come from output_padding.",
            TRANSPOSED,
            lambda **sizes: (_invert_transposed(**sizes)[0], 0),
        ),
        (
            "an input size rounded up",
            "output_padding adds pixels and cannot take any: round down, and add what is missing.",
            TRANSPOSED,
            _rounded_up,
        ),
        (
            "a padding with its sign turned",
            "A transposed layer cuts 2 * p pixels off: before the cut there were o + 2 * p.",
            TRANSPOSED,
            _inverted(lambda o, k, p, d: o - 2 * p - _extent(k, d)),
        ),
        (
            "a padding that is counted once",
            "A transposed layer cuts p pixels off each side: 2 * p.",
            TRANSPOSED,
            _inverted(lambda o, k, p, d: o + p - _extent(k, d)),
        ),
        (
            "a padding that is ignored",
            "A transposed layer cuts 2 * p pixels off: before the cut there were o + 2 * p.",
            TRANSPOSED,
            _inverted(lambda o, k, p, d: o - _extent(k, d)),
        ),
        (
            "a count of the steps instead of the pixels",
            "n pixels are n - 1 steps of the stride apart: add 1 to the quotient.",
            TRANSPOSED,
            _inverted(_behind, plus=0),
        ),
        (
            "a dilation that is ignored",
            "One pixel paints d * (k - 1) + 1 pixels of the output.",
            DILATION,
            _inverted(lambda o, k, p, d: o + 2 * p - k),
        ),
        (
            "a window of d * k pixels",
            "Between k taps there are k - 1 gaps: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            _inverted(lambda o, k, p, d: o + 2 * p - d * k),
        ),
        (
            "a window of d * (k - 1) pixels",
            "The last tap is a pixel too: the window spans d * (k - 1) + 1 pixels.",
            DILATION,
            _inverted(lambda o, k, p, d: o + 2 * p - d * (k - 1)),
        ),
        (
            "an output size divided by the stride",
            "Only what lies behind the first window is made of steps: take the window off first.",
            TRANSPOSED,
            _inverted(lambda o, k, p, d: o, plus=0),
        ),
        (
            "the remainder of the output size itself as output_padding",
            "The remainder that counts is that of o + 2 * p - (d * (k - 1) + 1).",
            TRANSPOSED,
            lambda output_size, stride, **sizes: (
                _invert_transposed(output_size, stride=stride, **sizes)[0],
                output_size % stride,
            ),
        ),
        (
            "the pixels that are missing to the next step as output_padding",
            "output_padding is what is left over behind the last step: the remainder.",
            TRANSPOSED,
            lambda stride, **sizes: (
                _invert_transposed(stride=stride, **sizes)[0],
                -_invert_transposed(stride=stride, **sizes)[1] % stride,
            ),
        ),
        (
            "the size that the transposed layer makes of its output",
            "The output size is given: solve the formula for the size that comes in.",
            TRANSPOSED,
            lambda output_size, kernel_size, stride, padding, dilation: (
                (output_size - 1) * stride - 2 * padding + _extent(kernel_size, dilation),
                0,
            ),
        ),
    ),
)


# A net that sees far enough

far_seeing_net = design_task("far_seeing_net", LECTURE)
