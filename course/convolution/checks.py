"""What a right answer to the exercise on convolution is, and what each wrong answer means.

What is right is computed by torch.nn.functional and torch.autograd; see `course.checking`.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Misunderstanding, Task, case, pair, refuses, width_from_height
from course.convolution.design import design_task

LECTURE = "01_convolution"
TWO_DIMENSIONS = "The two-dimensional sum"
FLIPPING = "Flipping is not transposing"
CHANNELS = "Channels"
STRIDE = "Padding and stride"
MATRIX = "Convolution as a matrix product"
GRADIENT = "Where the gradient goes"

# One channel, straight from the sum


def _correlate(x, weight, **options):
    """(H, W) and (kH, kW), by torch.nn.functional.conv2d."""
    x, weight = torch.from_numpy(x.copy()), torch.from_numpy(weight.copy())
    return F.conv2d(x[None, None], weight[None, None], **options)[0, 0].numpy()


def _cross_correlate(x, weight):
    return _correlate(x, weight)


def _cross_correlate_read(x, weight):
    (H, W), (kH, kW) = x.shape, weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = (x[i : i + kH, j : j + kW] * weight).sum()
    return y


def _last_product(x, weight):
    kH, kW = weight.shape
    return x[kH - 1 :, kW - 1 :] * weight[-1, -1]


def _circular(x, weight):
    """Correlate as if x went on from its last row with its first."""
    kH, kW = weight.shape
    return _correlate(np.pad(x, ((0, kH - 1), (0, kW - 1)), mode="wrap"), weight)


def _cases_cross_correlate(draw):
    yield case(draw.normal(3, 3), draw.normal(2, 2))
    kH, kW, H = draw.distinct(3, 2, 5)
    H, W = max(kH, H) + 1, kW + max(kH, H) + draw.integer(1, 2)
    yield case(draw.normal(H, W), draw.normal(kH, kW))
    yield case(draw.normal(W + 2, H), draw.normal(kH, 2))
    yield case(draw.normal(H, W), draw.normal(3, 3))
    yield case(draw.normal(kH, W, dtype="float32"), draw.normal(kH, 2, dtype="float32"))
    yield case(draw.normal(3, 4), draw.normal(1, 1))


cross_correlate = Task(
    "cross_correlate",
    _cross_correlate,
    cases=_cases_cross_correlate,
    lecture=LECTURE,
    section=TWO_DIMENSIONS,
    formula=_cross_correlate_read,
    misunderstandings=[
        Misunderstanding(
            "a flipped kernel",
            'Deep learning\'s "convolution" is cross-correlation: do not flip the kernel.',
            FLIPPING,
            lambda x, weight: _correlate(x, weight[::-1, ::-1]),
        ),
        Misunderstanding(
            "a kernel flipped upside down",
            "The sum runs through the rows of the kernel and of the window in the same direction.",
            FLIPPING,
            lambda x, weight: _correlate(x, weight[::-1]),
        ),
        Misunderstanding(
            "a kernel flipped left to right",
            "The sum runs through the columns of kernel and window in the same direction.",
            FLIPPING,
            lambda x, weight: _correlate(x, weight[:, ::-1]),
        ),
        Misunderstanding(
            "a transposed kernel",
            "The first index of the kernel goes with the rows of x, the second with its columns.",
            FLIPPING,
            lambda x, weight: _correlate(x, weight.T),
        ),
        Misunderstanding(
            "an output without its last row and column",
            "A kernel as high as the image still fits once: H - kH + 1 places, not H - kH.",
            TWO_DIMENSIONS,
            lambda x, weight: _correlate(x, weight)[:-1, :-1],
        ),
        Misunderstanding(
            "an output width copied from the height",
            "The output is W - kW + 1 wide, whatever its height is.",
            TWO_DIMENSIONS,
            lambda x, weight: width_from_height(_correlate(x, weight)),
        ),
        Misunderstanding(
            "an image padded with zeros to keep its size",
            "There is no padding here: the kernel stands only where it lies wholly inside.",
            STRIDE,
            lambda x, weight: _correlate(x, weight, padding="same"),
        ),
        Misunderstanding(
            "a mean instead of the sum",
            "Add the products up; nothing is divided by the size of the kernel.",
            TWO_DIMENSIONS,
            lambda x, weight: _correlate(x, weight) / weight.size,
        ),
        Misunderstanding(
            "the last product instead of the sum of all",
            "Each product is added to what is there already: += in place of =.",
            TWO_DIMENSIONS,
            _last_product,
        ),
        Misunderstanding(
            "an image that begins again at its border",
            "The FFT computes a circular sum; keep only the places where the kernel lies inside.",
            TWO_DIMENSIONS,
            _circular,
        ),
        Misunderstanding(
            "a sum of x + weight in place of products",
            "Multiply what lies on top of each other, then add up.",
            TWO_DIMENSIONS,
            lambda x, weight: _correlate(x, np.ones_like(weight)) + weight.sum(),
        ),
    ],
)

# True convolution


def _convolve2d(x, weight, mode="full"):
    """As scipy.signal.convolve2d, which takes longer to load than a submission takes to grade."""
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    whole = _correlate(padded, weight[::-1, ::-1])
    if mode == "full":
        return whole
    top, left = ((kH - 1) // 2, (kW - 1) // 2) if mode == "same" else (kH - 1, kW - 1)
    height, width = (H, W) if mode == "same" else (H - kH + 1, W - kW + 1)
    return whole[top : top + height, left : left + width]


def _convolve2d_read(x, weight, mode="full"):
    (H, W), (kH, kW) = x.shape, weight.shape
    padded = np.pad(x, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    rows, columns = padded.shape
    y = np.zeros((rows - kH + 1, columns - kW + 1))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = (padded[i : i + kH, j : j + kW] * weight[::-1, ::-1]).sum()
    if mode == "full":
        return y
    if mode == "same":
        top, left = (kH - 1) // 2, (kW - 1) // 2
        return y[top : top + H, left : left + W]
    return y[kH - 1 : H, kW - 1 : W]


def _same_from(x, weight, top, left):
    """The part of the full convolution as large as x that begins at (top, left)."""
    H, W = x.shape
    return np.pad(_convolve2d(x, weight), ((0, 2), (0, 2)))[top : top + H, left : left + W]


def _late_same(x, weight, mode="full"):
    kH, kW = weight.shape
    return (
        _same_from(x, weight, kH // 2, kW // 2) if mode == "same" else _convolve2d(x, weight, mode)
    )


def _early_same(x, weight, mode="full"):
    return _same_from(x, weight, 0, 0) if mode == "same" else _convolve2d(x, weight, mode)


def _cases_convolve2d(draw):
    yield case(draw.normal(2, 4), draw.normal(2, 3))
    kH, kW = draw.distinct(2, 2, 4)
    H, W = kH + draw.integer(1, 2), kW + draw.integer(3, 4)
    yield case(draw.normal(H, W), draw.normal(kH, kW))
    yield case(draw.normal(W, H), draw.normal(3, 3), mode="full")
    yield case(draw.normal(H, W), draw.normal(kH, kW), "same")
    yield case(draw.normal(W, H + 1), draw.normal(2, 2), "same")
    yield case(draw.normal(H, W), draw.normal(3, 3), "same")
    yield case(draw.normal(H, W), draw.normal(kH, kW), "valid")
    yield case(draw.normal(4, 5, dtype="float32"), draw.normal(2, 2, dtype="float32"), "valid")
    yield refuses(ValueError, draw.normal(3, 4), draw.normal(2, 2), mode="middle")
    yield case(draw.normal(5, W), draw.normal(1, kW), mode="valid")
    yield case(draw.normal(H, 5), draw.normal(kH, 1), mode="valid")
    yield case(draw.normal(5, W), draw.normal(1, kW), mode="same")
    yield case(draw.normal(1, 5), draw.normal(1, 3))
    yield case(draw.normal(4, 1), draw.normal(2, 1), mode="same")


convolve2d = Task(
    "convolve2d",
    _convolve2d,
    cases=_cases_convolve2d,
    lecture=LECTURE,
    section=FLIPPING,
    formula=_convolve2d_read,
    misunderstandings=[
        Misunderstanding(
            "a kernel that is not flipped",
            "This is cross-correlation; convolution turns the kernel by 180 degrees first.",
            FLIPPING,
            lambda x, weight, mode: _convolve2d(x, weight[::-1, ::-1], mode),
        ),
        Misunderstanding(
            "a kernel that is transposed in place of flipped",
            "Transposing mirrors at the diagonal; flipping turns by 180 degrees.",
            FLIPPING,
            lambda x, weight, mode: _convolve2d(x, weight.T[::-1, ::-1], mode),
        ),
        Misunderstanding(
            "a flipped image, with the kernel as it is",
            "The kernel is what is flipped: a flipped image gives the flipped result.",
            FLIPPING,
            lambda x, weight, mode: _convolve2d(x[::-1, ::-1], weight[::-1, ::-1], mode),
        ),
        *[
            Misunderstanding(
                f'mode "{always}" whatever was asked for',
                "The argument `mode` says which part of the full result is wanted.",
                FLIPPING,
                lambda x, weight, mode, always=always: _convolve2d(x, weight, always),
            )
            for always in ("full", "same", "valid")
        ],
        Misunderstanding(
            'a "same" that begins half a kernel late',
            "The middle begins at row (kH - 1) // 2 and column (kW - 1) // 2 of the full result.",
            FLIPPING,
            _late_same,
        ),
        Misunderstanding(
            'a "same" that begins in the corner of the full result',
            "The middle begins at row (kH - 1) // 2 and column (kW - 1) // 2 of the full result.",
            FLIPPING,
            _early_same,
        ),
        Misunderstanding(
            "a full result with zeros put on one side alone",
            "The kernel hangs over on all four sides: kH - 1 rows above and below, kW - 1 columns "
            "left and right.",
            STRIDE,
            lambda x, weight, mode: (
                _convolve2d(x, weight)[: x.shape[0], : x.shape[1]]
                if mode == "full"
                else _convolve2d(x, weight, mode)
            ),
        ),
        Misunderstanding(
            "a full result with one row and one column of zeros too many on each side",
            "kH - 1 rows and kW - 1 columns are enough for the last place that shares a pixel.",
            STRIDE,
            lambda x, weight, mode: (
                np.pad(_convolve2d(x, weight), 1)
                if mode == "full"
                else _convolve2d(x, weight, mode)
            ),
        ),
    ],
)

# The layer


def _tensor(array):
    return None if array is None else torch.from_numpy(array.copy())


def _conv2d(x, weight, bias=None, stride=1, padding=0):
    result = F.conv2d(_tensor(x), _tensor(weight), _tensor(bias), stride, padding)
    return result.numpy()


def _conv2d_read(x, weight, bias=None, stride=1, padding=0):
    (sH, sW), (pH, pW) = pair(stride), pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    (H, W), (kH, kW) = x.shape[2:], weight.shape[2:]
    y = np.zeros((len(x), len(weight), (H - kH) // sH + 1, (W - kW) // sW + 1))
    for i, j in np.ndindex(*y.shape[2:]):
        window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
        y[:, :, i, j] = np.einsum("ncpq,ocpq->no", window, weight)
    return y if bias is None else y + bias[:, None, None]


def _padded(x, before, after=None, mode="constant"):
    """x with (rows, columns) put before and after it."""
    after = before if after is None else after
    sides = zip(before, after, strict=True)
    return np.pad(x, ((0, 0), (0, 0), *sides), mode=mode)


def _unpadded(oracle):
    """An oracle on (x, weight, bias, (sH, sW), (pH, pW)), for pairs whatever was given."""

    def with_pairs(x, weight, bias, stride, padding):
        return oracle(x, weight, bias, pair(stride), pair(padding))

    return with_pairs


def _kernel(weight):
    return weight.shape[2:]


def _ceil_mode(x, weight, bias, stride, padding):
    """The output that counts a window begun but not finished; it reads zeros there."""
    x = _padded(x, padding)
    more = [
        -(size - k) % s for size, k, s in zip(x.shape[2:], _kernel(weight), stride, strict=True)
    ]
    return _conv2d(_padded(x, (0, 0), more), weight, bias, stride)


def _bias_per_input_channel(x, weight, bias, stride, padding):
    bias = None if bias is None else bias * x.shape[1]
    return _conv2d(x, weight, bias, stride, padding)


def _bias_added_before(x, weight, bias, stride, padding):
    """The bias inside the sum over the kernel: once for each of its C * kH * kW products."""
    bias = None if bias is None else bias * weight[0].size
    return _conv2d(x, weight, bias, stride, padding)


def _without_bias(scale, x, weight, bias, stride, padding):
    """The sum of products, scaled, with the bias as it should be."""
    return _conv2d(x, weight * scale, bias, stride, padding)


def _cases_conv2d(draw, dtype="float64"):
    """Sizes that all differ: batch, channels, height, width, and the kernel's two."""
    N, C, O = draw.distinct(3, 2, 4)  # noqa: E741
    yield case(draw.normal(1, 1, 3, 4), draw.normal(1, 1, 2, 2))
    yield case(draw.normal(N, C, 6, 9), draw.normal(O, C, 3, 2))
    yield case(draw.normal(N, C, 8, 5), draw.normal(O, C, 3, 3), draw.normal(O))
    yield case(draw.normal(N, C, 8, 11), draw.normal(O, C, 3, 2), stride=(3, 2))
    yield case(draw.normal(N, C, 7, 9), draw.normal(O, C, 2, 3), stride=2)
    yield case(draw.normal(N, C, 5, 7), draw.normal(O, C, 3, 4), padding=(1, 3))
    yield case(
        *(draw.normal(N, C, 6, 8), draw.normal(O, C, 3, 3), draw.normal(O)),
        stride=(1, 3),
        padding=(2, 1),
    )
    yield case(
        *(draw.normal(O, N, 7, 6, dtype="float32"), draw.normal(C, N, 3, 2, dtype="float32")),
        bias=draw.normal(C, dtype="float32"),
        padding=1,
        stride=2,
    )
    # The stride is larger than the kernel; a picture of one row; exact zeros.
    yield case(draw.normal(N, C, 7, 9), draw.normal(O, C, 2, 1), draw.normal(O), (3, 2))
    yield case(draw.normal(1, C, 1, 6), draw.normal(O, C, 1, 1), padding=(0, 1))
    yield case(draw.normal(N, C, 5, 5), draw.normal(C, C, 3, 3), np.zeros(C))


def _output_of(draw, height, width):
    """A layer whose output is height x width, for measuring."""
    x = draw.normal(2, 3, 2 * height + 1, 2 * width)
    return case(x, draw.normal(4, 3, 3, 2), draw.normal(4), 2)


_ROWS = [
    (
        "a flipped kernel",
        'Deep learning\'s "convolution" is cross-correlation: do not flip.',
        FLIPPING,
        lambda x, w, b, s, p: _conv2d(x, w[..., ::-1, ::-1], b, s, p),
    ),
    (
        "a transposed kernel",
        "The third axis of the weights goes with the height of x, the fourth with its width.",
        FLIPPING,
        lambda x, w, b, s, p: _conv2d(x, w.swapaxes(2, 3), b, s, p),
    ),
    (
        "a stride that is ignored",
        "The window moves by `stride` pixels from one output to the next.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, 1, p),
    ),
    (
        "a stride that is used for rows only",
        "A stride has two parts: rows move by the first, columns by the second.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, (s[0], 1), p),
    ),
    (
        "a stride whose first number is used for both axes",
        "A stride has two parts: rows move by the first, columns by the second.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, (s[0], s[0]), p),
    ),
    (
        "a stride with its two axes swapped",
        "The first number of a pair is vertical, the second horizontal.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, s[::-1], p),
    ),
    (
        "a stride taken from the kernel",
        "The stride is an argument of its own; windows may overlap.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, _kernel(w), p),
    ),
    (
        "a stride used within the window, as a dilation",
        "The stride moves the whole window; the pixels in it stay neighbours.",
        STRIDE,
        lambda x, w, b, s, p: F.conv2d(
            _tensor(x), _tensor(w), _tensor(b), 1, p, dilation=s
        ).numpy(),
    ),
    (
        "a padding that is ignored",
        "Put `padding` rows and columns of zeros around x first.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, s),
    ),
    (
        "zeros put above and left only",
        "`padding` counts for each side: the height grows by 2 * pH.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(_padded(x, p, (0, 0)), w, b, s),
    ),
    (
        "zeros put below and right only",
        "`padding` counts for each side: the height grows by 2 * pH.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(_padded(x, (0, 0), p), w, b, s),
    ),
    (
        "a padding with its two axes swapped",
        "The first number of a pair is vertical, the second horizontal.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, s, p[::-1]),
    ),
    (
        "a padding whose first number is used for both axes",
        "A padding has two parts: rows above and below, columns left and right.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, s, (p[0], p[0])),
    ),
    (
        "a padding that repeats the border",
        "Outside of x there are zeros.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(_padded(x, p, mode="edge"), w, b, s),
    ),
    (
        "an output padded in place of the input",
        "The zeros go around x, before the kernel runs over it.",
        STRIDE,
        lambda x, w, b, s, p: _padded(_conv2d(x, w, b, s), p),
    ),
    (
        "an output size rounded up",
        "A window that begins inside but does not fit is not computed: round down.",
        STRIDE,
        _ceil_mode,
    ),
    (
        "an output without its last row and column",
        "The number of places is (H + 2 * pH - kH) // sH + 1: mind the one.",
        STRIDE,
        lambda x, w, b, s, p: _conv2d(x, w, b, s, p)[..., :-1, :-1],
    ),
    (
        "an output width copied from the height",
        "Height and width follow the same formula, each with its own numbers.",
        STRIDE,
        lambda x, w, b, s, p: width_from_height(_conv2d(x, w, b, s, p)),
    ),
    (
        "a bias that is missing",
        "Add bias[o] to every pixel of output channel o.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, w, None, s, p),
    ),
    (
        "a bias added once for each input channel",
        "The bias stands outside of the sum: once for each output.",
        CHANNELS,
        _bias_per_input_channel,
    ),
    (
        "a bias added within the sum, once for each product",
        "The bias stands outside of the sum: once for each output.",
        CHANNELS,
        _bias_added_before,
    ),
    (
        "a bias that is subtracted",
        "The bias is added.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, w, None if b is None else -b, s, p),
    ),
    (
        "a mean over the input channels",
        "The channels are summed, not averaged.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, w / x.shape[1], b, s, p),
    ),
    (
        "a mean over the window",
        "The products are summed, not averaged.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, w / w[0].size, b, s, p),
    ),
    (
        "a mean over the window of each channel",
        "The products are summed, not averaged.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, w / w[0, 0].size, b, s, p),
    ),
    (
        "the first input channel alone",
        "Every output channel sees all input channels: sum over c too.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x[:, :1], w[:, :1], b, s, p),
    ),
    (
        "the last input channel alone",
        "Each channel is added to those before it: += in place of =.",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x[:, -1:], w[:, -1:], b, s, p),
    ),
    (
        "one kernel for all input channels, that of the first",
        "Each input channel has its own kernel: weight[o, c].",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, np.repeat(w[:, :1], x.shape[1], 1), b, s, p),
    ),
    (
        "one kernel for all output channels, that of the first",
        "Each output channel has its own kernel: weight[o].",
        CHANNELS,
        lambda x, w, b, s, p: _conv2d(x, np.repeat(w[:1], len(w), 0), b, s, p),
    ),
    (
        "the last product of the window instead of the sum of all",
        "Each product is added to what is there already: += in place of =.",
        TWO_DIMENSIONS,
        lambda x, w, b, s, p: _conv2d(
            _padded(x, p)[..., w.shape[2] - 1 :, w.shape[3] - 1 :], w[..., -1:, -1:], b, s
        ),
    ),
]

_LAYER = [Misunderstanding(*words, _unpadded(oracle)) for *words, oracle in _ROWS]

# With dilation and groups


def _dilated(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    arguments = _tensor(x), _tensor(weight), _tensor(bias)
    return F.conv2d(*arguments, stride, padding, dilation, groups).numpy()


def _dense(x, weight, dilation, groups):
    """The weights of the same layer without dilation and groups: zeros stand in between."""
    (dH, dW), (O, depth, kH, kW) = pair(dilation), weight.shape  # noqa: E741
    dense = np.zeros((O, x.shape[1], dH * (kH - 1) + 1, dW * (kW - 1) + 1))
    for o in range(O):
        first = o // (O // groups) * depth
        dense[o, first : first + depth, ::dH, ::dW] = weight[o]
    return dense


def _dilated_read(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    (sH, sW), (pH, pW), (dH, dW) = pair(stride), pair(padding), pair(dilation)
    O, depth, kH, kW = weight.shape  # noqa: E741
    kernel = np.zeros((O, x.shape[1], dH * (kH - 1) + 1, dW * (kW - 1) + 1))
    for o in range(O):
        first = o // (O // groups) * depth
        kernel[o, first : first + depth, ::dH, ::dW] = weight[o]
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    (H, W), (eH, eW) = x.shape[2:], kernel.shape[2:]
    y = np.zeros((len(x), O, (H - eH) // sH + 1, (W - eW) // sW + 1))
    for i, j in np.ndindex(*y.shape[2:]):
        window = x[:, :, i * sH : i * sH + eH, j * sW : j * sW + eW]
        y[:, :, i, j] = np.einsum("ncpq,ocpq->no", window, kernel)
    return y if bias is None else y + bias[:, None, None]


def _densely(oracle):
    """An oracle on dense weights and pairs, as those of the layer without dilation and groups."""

    def dense(x, weight, bias, stride, padding, dilation, groups):
        weight = _dense(x, weight, dilation, groups)
        return oracle(x, weight, bias, pair(stride), pair(padding))

    return dense


def _cases_dilated(draw):
    yield from _cases_conv2d(draw)
    N, C, O = draw.distinct(3, 2, 4)  # noqa: E741
    yield case(draw.normal(N, C, 7, 10), draw.normal(O, C, 3, 2), draw.normal(O), dilation=(2, 3))
    yield case(draw.normal(N, C, 8, 6), draw.normal(O, C, 2, 3), None, (2, 1), 1, 2)
    yield case(draw.normal(N, 6, 5, 7), draw.normal(9, 2, 3, 2), draw.normal(9), groups=3)
    yield case(draw.normal(N, 8, 6, 9), draw.normal(4, 4, 2, 3), None, 2, (0, 1), (2, 1), 2)
    yield case(draw.normal(N, 4, 5, 6), draw.normal(8, 1, 2, 2), groups=4)
    x = draw.normal(N, 4, 5, 6)
    # Shapes that do not fit, of which some would be broadcast without a word.
    yield refuses(ValueError, x, draw.normal(2, 1, 3, 3))
    yield refuses(ValueError, x, draw.normal(2, 3, 3, 2))
    yield refuses(ValueError, x, draw.normal(3, 2, 3, 2), groups=2)
    yield refuses(ValueError, x, draw.normal(4, 4, 3, 2), groups=2)
    yield refuses(ValueError, x, draw.normal(3, 4, 3, 2), draw.normal(1))
    yield refuses(ValueError, x, draw.normal(2, 4, 3, 3), draw.normal(3))
    yield refuses(ValueError, x, draw.normal(2, 4, 2, 3), dilation=(1, 3))


def _in_turn(x, groups):
    """The channels of x, every groups-th of them together."""
    return np.concatenate([x[:, g::groups] for g in range(groups)], axis=1)


def _kernels_in_turn(x, w, b, s, p, d, groups):
    """Kernel o reads group o modulo the number of groups."""
    order = np.argsort(np.arange(len(w)) % groups, kind="stable")
    y = np.empty_like(sorted_ := _dilated(x, w[order], None, s, p, d, groups))
    y[:, order] = sorted_
    return y if b is None else y + b[:, None, None]


_DILATED = [
    *(Misunderstanding(*words, _densely(oracle)) for *words, oracle in _ROWS),
    *(
        Misunderstanding(name, says, CHANNELS, oracle)
        for name, says, oracle in [
            (
                "a dilation that is ignored",
                "The taps of a kernel lie `dilation` pixels apart.",
                lambda x, weight, bias, stride, padding, dilation, groups: _dilated(
                    x, weight, bias, stride, padding, 1, groups
                ),
            ),
            (
                "a dilation with its two axes swapped",
                "The first number of a pair is vertical, the second horizontal.",
                lambda x, weight, bias, stride, padding, dilation, groups: _dilated(
                    x, weight, bias, stride, padding, pair(dilation)[::-1], groups
                ),
            ),
            (
                "a dilation whose first number is used for both axes",
                "A dilation has two parts: rows lie apart by the first, columns by the second.",
                lambda x, weight, bias, stride, padding, dilation, groups: _dilated(
                    x, weight, bias, stride, padding, pair(dilation)[0], groups
                ),
            ),
            (
                "groups that all read the first channels",
                "Kernel o reads the channels of its own group, o // (O // groups).",
                lambda x, weight, bias, stride, padding, dilation, groups: _dilated(
                    x[:, : weight.shape[1]], weight, bias, stride, padding, dilation
                ),
            ),
            (
                "groups that take the channels in turn",
                "The channels of a group are neighbours: the first C / groups are the first "
                "group's.",
                lambda x, weight, bias, stride, padding, dilation, groups: _dilated(
                    _in_turn(x, groups), weight, bias, stride, padding, dilation, groups
                ),
            ),
            (
                "kernels that take the groups in turn",
                "The kernels of a group are neighbours: the first O / groups read the first group.",
                lambda x, weight, bias, stride, padding, dilation, groups: _kernels_in_turn(
                    x, weight, bias, stride, padding, dilation, groups
                ),
            ),
        ]
    ),
]

conv2d = Task(
    "conv2d",
    _dilated,
    cases=_cases_dilated,
    lecture=LECTURE,
    section=CHANNELS,
    formula=_dilated_read,
    misunderstandings=_DILATED,
    vectorised=_output_of,
)

conv2d_torch = Task(
    "conv2d_torch",
    _conv2d,
    cases=_cases_conv2d,
    lecture=LECTURE,
    section="On your device",
    formula=_conv2d_read,
    misunderstandings=_LAYER,
    vectorised=_output_of,
    torch=True,
    differentiable=True,
    forbidden=[
        *("convolution", "_convolution", "convolution_overrideable", "cudnn_convolution"),
        *("mkldnn_convolution", "thnn_conv2d", "_slow_conv2d_forward", "slow_conv_dilated2d"),
        *("conv2d", "convolution_backward", "_conv_depthwise2d", "miopen_convolution"),
        *("_mps_convolution", "mps_convolution_backward"),
    ],
)

# The gradients of a one-dimensional layer


def _gradient(grad_output, x, weight, wanted):
    """dE/dx or dE/dweight of the one-dimensional layer, by torch.autograd."""
    x, weight = _tensor(x).requires_grad_(), _tensor(weight).requires_grad_()
    # A gradient handed to torch.autograd would have it load sympy.
    error = (F.conv1d(x, weight) * _tensor(grad_output)).sum()
    return torch.autograd.grad(error, {"x": x, "weight": weight}[wanted])[0].numpy()


def _weight_gradient(grad_output, x, kernel_size):
    weight = np.zeros((grad_output.shape[1], x.shape[1], kernel_size))
    return _gradient(grad_output, x, weight, "weight")


def _weight_gradient_read(grad_output, x, kernel_size):
    L_out = grad_output.shape[2]
    grad_weight = np.zeros((grad_output.shape[1], x.shape[1], kernel_size))
    for k in range(kernel_size):
        grad_weight[:, :, k] = np.einsum("noi,nci->oc", grad_output, x[:, :, k : k + L_out])
    return grad_weight


def _tap_by_tap(oracle):
    """An oracle that gives (O, C) for one tap k, from the gradient and x[..., k : k + L_out]."""

    def all_taps(grad_output, x, kernel_size):
        L_out = grad_output.shape[2]
        taps = [oracle(grad_output, x[..., k : k + L_out], k) for k in range(kernel_size)]
        return np.stack(taps, axis=-1)

    return all_taps


def _padded_weight_gradient(grad_output, x, kernel_size):
    """The full cross-correlation of x with the gradient, padded to keep K taps centred on 0."""
    before = (kernel_size - 1) // 2
    x = np.pad(x, ((0, 0), (0, 0), (before, kernel_size)))
    return _weight_gradient(
        grad_output, x[..., : grad_output.shape[2] + kernel_size - 1], kernel_size
    )


def _cases_weight_gradient(draw):
    yield case(draw.normal(1, 1, 3), draw.normal(1, 1, 4), 2)
    for dtype in ("float64", "float64", "float64", "float32"):
        N, C, O, K = draw.distinct(4, 2, 5)  # noqa: E741
        L_out = K + draw.integer(1, 3)
        grad_output = draw.normal(N, O, L_out, dtype=dtype)
        yield case(grad_output, draw.normal(N, C, L_out + K - 1, dtype=dtype), K)
    yield case(draw.normal(2, 3, 1), draw.normal(2, 4, 1), 1)
    yield case(draw.normal(2, 3, 2), draw.normal(2, 4, 6), 5)


conv1d_weight_gradient = Task(
    "conv1d_weight_gradient",
    _weight_gradient,
    cases=_cases_weight_gradient,
    lecture=LECTURE,
    section=GRADIENT,
    formula=_weight_gradient_read,
    misunderstandings=[
        Misunderstanding(
            "a mean over batch and positions",
            "Each use of a weight adds to its gradient: sum, do not average.",
            GRADIENT,
            lambda grad_output, x, kernel_size: (
                _weight_gradient(grad_output, x, kernel_size) / (len(x) * grad_output.shape[2])
            ),
        ),
        Misunderstanding(
            "the last use of each weight alone, last example and last position",
            "Every example and every position adds its part: += in place of =.",
            GRADIENT,
            _tap_by_tap(lambda g, x, k: np.outer(g[-1, :, -1], x[-1, :, -1])),
        ),
        Misunderstanding(
            "the same window of x for every tap",
            "Tap k meets x from k on: x[..., k : k + L_out].",
            GRADIENT,
            lambda grad_output, x, kernel_size: np.repeat(
                _weight_gradient(grad_output, x[..., : grad_output.shape[2]], 1), kernel_size, 2
            ),
        ),
        Misunderstanding(
            "a product of sums: batch and positions summed before they are multiplied",
            "Multiply first, example by example and position by position; then sum.",
            GRADIENT,
            _tap_by_tap(lambda g, x, k: np.outer(g.sum((0, 2)), x.sum((0, 2)))),
        ),
        Misunderstanding(
            "examples mixed: the gradient of one times the input of another",
            "grad_output[n] meets x[n] of the same example alone.",
            GRADIENT,
            _tap_by_tap(lambda g, x, k: np.einsum("oi,ci->oc", g.sum(0), x.sum(0))),
        ),
        Misunderstanding(
            "x padded with zeros, though the layer has no padding",
            "The layer reads x as it is: y[i] saw x[i] to x[i + K - 1].",
            GRADIENT,
            _padded_weight_gradient,
        ),
        Misunderstanding(
            "x summed over its channels",
            "Each input channel has weights of its own: keep c.",
            GRADIENT,
            lambda grad_output, x, kernel_size: np.repeat(
                _weight_gradient(grad_output, x.sum(1, keepdims=True), kernel_size), x.shape[1], 1
            ),
        ),
    ],
)


def _input_gradient(grad_output, weight, input_length):
    x = np.zeros((len(grad_output), weight.shape[1], input_length))
    return _gradient(grad_output, x, weight, "x")


def _input_gradient_read(grad_output, weight, input_length):
    K = weight.shape[2]
    grad_x = np.zeros((len(grad_output), weight.shape[1], input_length))
    for i in range(grad_output.shape[2]):
        grad_x[:, :, i : i + K] += np.einsum("no,ock->nck", grad_output[:, :, i], weight)
    return grad_x


def _overwritten(grad_output, weight, input_length, order=1):
    """What is left where each window writes over the one before it."""
    K = weight.shape[2]
    grad_x = np.zeros((len(grad_output), weight.shape[1], input_length))
    for i in range(grad_output.shape[2])[::order]:
        grad_x[..., i : i + K] = np.einsum("no,ock->nck", grad_output[..., i], weight)
    return grad_x


def _shared_among_windows(grad_output, weight, input_length):
    """The gradient divided by the number of windows that hold each place."""
    counts = np.zeros(input_length)
    for i in range(grad_output.shape[2]):
        counts[i : i + weight.shape[2]] += 1
    return _input_gradient(grad_output, weight, input_length) / counts


def _one_sided_input_gradient(grad_output, weight, input_length, before, keep):
    """The correlation of grad_output, padded, with the flipped kernel; cut to `keep`."""
    K = weight.shape[2]
    full = _input_gradient(grad_output, weight, input_length)
    padded = np.pad(full, ((0, 0), (0, 0), (K, K)))
    return padded[..., K + before : K + before + keep]


def _cases_input_gradient(draw):
    yield case(draw.normal(1, 1, 3), draw.normal(1, 1, 2), 4)
    for dtype in ("float64", "float64", "float64", "float32"):
        N, C, O, K = draw.distinct(4, 2, 5)  # noqa: E741
        L_out = K + draw.integer(1, 3)
        grad_output = draw.normal(N, O, L_out, dtype=dtype)
        yield case(grad_output, draw.normal(O, C, K, dtype=dtype), L_out + K - 1)
    yield case(draw.normal(2, 3, 1), draw.normal(3, 4, 1), 1)
    yield case(draw.normal(2, 3, 2), draw.normal(3, 4, 5), 6)


conv1d_input_gradient = Task(
    "conv1d_input_gradient",
    _input_gradient,
    cases=_cases_input_gradient,
    lecture=LECTURE,
    section=GRADIENT,
    formula=_input_gradient_read,
    misunderstandings=[
        Misunderstanding(
            "each window writing over the one before it",
            "Windows overlap, so contributions add up: += in place of =.",
            GRADIENT,
            _overwritten,
        ),
        Misunderstanding(
            "only the first window that reaches a place",
            "Windows overlap, so the contributions of all of them add up.",
            GRADIENT,
            lambda grad_output, weight, input_length: _overwritten(
                grad_output, weight, input_length, -1
            ),
        ),
        Misunderstanding(
            "a mean over the windows that overlap",
            "Contributions of overlapping windows are added, not averaged.",
            GRADIENT,
            _shared_among_windows,
        ),
        Misunderstanding(
            "a gradient that stops at the length of grad_output",
            "Every input gets a gradient: L of them, K - 1 more than there are outputs.",
            GRADIENT,
            lambda grad_output, weight, input_length: _input_gradient(
                grad_output, weight, input_length
            )[..., : grad_output.shape[2]],
        ),
        Misunderstanding(
            "a gradient without its border",
            "Pad grad_output with K - 1 zeros on both sides: border inputs have gradients too.",
            GRADIENT,
            lambda grad_output, weight, input_length: _input_gradient(
                grad_output, weight, input_length
            )[..., weight.shape[2] - 1 : grad_output.shape[2]],
        ),
        Misunderstanding(
            "a gradient moved by one place to the right",
            "Output i was computed from x[i] to x[i + K - 1]: the first tap goes to place i.",
            GRADIENT,
            lambda grad_output, weight, input_length: _one_sided_input_gradient(
                grad_output, weight, input_length, -1, input_length
            ),
        ),
        Misunderstanding(
            "a gradient moved by one place to the left",
            "Output i was computed from x[i] to x[i + K - 1]: the first tap goes to place i.",
            GRADIENT,
            lambda grad_output, weight, input_length: _one_sided_input_gradient(
                grad_output, weight, input_length, 1, input_length
            ),
        ),
        Misunderstanding(
            "the last tap alone",
            "Each tap adds its part: += in place of =.",
            MATRIX,
            lambda grad_output, weight, input_length: _input_gradient(
                grad_output,
                weight * (np.arange(weight.shape[2]) == weight.shape[2] - 1),
                input_length,
            ),
        ),
        Misunderstanding(
            "a gradient summed over the batch",
            "Each example keeps a gradient of its own: (N, C_in, L).",
            GRADIENT,
            lambda grad_output, weight, input_length: np.broadcast_to(
                _input_gradient(grad_output, weight, input_length).sum(0, keepdims=True),
                (len(grad_output), weight.shape[1], input_length),
            ),
        ),
    ],
)


# Kernels to design

stroke_kernels = design_task("stroke_kernels", LECTURE)
