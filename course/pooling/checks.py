"""What a right answer to the exercise on pooling is, and what each wrong answer means.

What is right is computed by torch.nn.functional and torch.autograd; see `course.checking`.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes, pair, width_from_height
from course.pooling.design import design_task

LECTURE = "03_pooling"
MAXIMUM = "What pooling keeps"
ROUTE = "The gradient of a maximum"
SHARES = "The gradient of an average"
CHECKER = "Does a program find the gradient?"
NORM = "From the sum to the maximum"
NETWORK = "A whole network of one layer"
DEVICE = "On your device"


def _tensor(array):
    return torch.from_numpy(array.copy())


def _pairs(kernel_size, stride):
    """Kernel and stride as pairs; a stride that is not given is the kernel's size."""
    kernel = pair(kernel_size)
    return kernel, kernel if stride is None else pair(stride)


# Maximum, forward


def _max_pool2d(x, kernel_size, stride=None, padding=0):
    return F.max_pool2d(_tensor(x), kernel_size, stride, padding).numpy()


def _max_pool2d_read(x, kernel_size, stride=None, padding=0):
    (kH, kW), (sH, sW) = _pairs(kernel_size, stride)
    x = _padded(x, pair(padding), -np.inf)
    N, C, H, W = x.shape
    y = np.zeros((N, C, (H - kH) // sH + 1, (W - kW) // sW + 1))
    for i, j in np.ndindex(*y.shape[2:]):
        y[:, :, i, j] = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW].max(axis=(2, 3))
    return y


def _windows(x, kernel, stride):
    """(N, C, I, J, P, Q), without padding."""
    every = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(2, 3))
    return every[:, :, :: stride[0], :: stride[1]]


def _padded(x, padding, fill):
    (pH, pW) = padding
    return np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=fill)


def _forward(formula):
    """An oracle on (x, (kH, kW), (sH, sW), (pH, pW)), for pairs whatever was given."""

    def oracle(x, kernel_size, stride, padding):
        return formula(x, *_pairs(kernel_size, stride), pair(padding))

    return oracle


def _unequal(draw, *shape, dtype="float64"):
    """Values of both signs, no two the same: a tie has no gradient to compare."""
    places = draw.rng.permutation(math.prod(shape)) - math.prod(shape) // 2
    return ((places + (places >= 0)) / 100).reshape(shape).astype(dtype)


def _negative(x):
    return x - x.max() - 0.5


def _cases_max_pool2d(draw):
    """Negative windows, unequal strides, overlap, padding, and sizes that all differ."""
    yield case(_unequal(draw, 1, 1, 4, 6), 2)
    N, C, k = draw.distinct(3, 2, 4)
    yield case(_unequal(draw, N, C, 3 * k, 5 * k + 1), (k, k + 1))
    yield case(_unequal(draw, N, C, 7, 9), 3, stride=2)
    yield case(_unequal(draw, C, N, 8, 11), (2, 3), stride=(1, 2))
    yield case(_unequal(draw, N, C, 9, 7), (3, 2), stride=(2, 1))
    yield case(_negative(_unequal(draw, C, N, 5, 7)), 3, 2, 1)
    yield case(_negative(_unequal(draw, N, C, 6, 8)), (2, 4), (2, 3), (1, 2))
    yield case(_unequal(draw, C, N, 7, 9, dtype="float32"), (3, 5), 2, padding=(0, 2))
    yield case(_unequal(draw, N, C, 8, 9), 2, stride=(3, 4))
    yield case(_unequal(draw, N, C, 3, 4), 1)
    # Some windows at the border hold negative values alone, some do not.
    yield case(_unequal(draw, C, N, 5, 6), (2, 3), 2, (1, 1))
    yield case(_unequal(draw, 1, 1, 5, 5), 3)
    yield case(_unequal(draw, 1, 2, 8, 9), (6, 7), (3, 1), 3)


_FORWARD = mistakes(
    MAXIMUM,
    [
        (
            "a stride taken from the kernel",
            "The stride is an argument of its own; windows may overlap.",
            lambda x, k, s, p: _max_pool2d(x, k, k, p),
        ),
        (
            "a stride of 1 where none is given",
            "With stride=None the windows lie side by side: the stride is the kernel's size.",
            lambda x, k, s, p: _max_pool2d(x, k, (1, 1) if s == k else s, p),
        ),
        (
            "a stride that is ignored",
            "The window moves by `stride` from one output to the next.",
            lambda x, k, s, p: _max_pool2d(x, k, (1, 1), p),
        ),
        (
            "a stride with its two axes swapped",
            "The first number of a pair is vertical, the second horizontal.",
            lambda x, k, s, p: _max_pool2d(x, k, s[::-1], p),
        ),
        (
            "a stride whose first number is used for both axes",
            "Rows move by the first number of the stride, columns by the second.",
            lambda x, k, s, p: _max_pool2d(x, k, (s[0], s[0]), p),
        ),
        (
            "a window with its height and width swapped",
            "The first number of a pair is vertical, the second horizontal.",
            lambda x, k, s, p: _max_pool2d(_padded(x, p, -np.inf), k[::-1], s),
        ),
        (
            "a window as wide as it is high",
            "The window is kH rows high and kW columns wide.",
            lambda x, k, s, p: _max_pool2d(_padded(x, p, -np.inf), (k[0], k[0]), s),
        ),
        (
            "a padding of zeros",
            "A zero would win where all pixels are negative: pad with minus infinity.",
            lambda x, k, s, p: _max_pool2d(_padded(x, p, 0), k, s),
        ),
        (
            "a padding that is ignored",
            "There are `padding` rows and columns more on each side.",
            lambda x, k, s, p: _max_pool2d(x, k, s),
        ),
        (
            "a padding with its two axes swapped",
            "The first number of a pair is vertical, the second horizontal.",
            lambda x, k, s, p: _max_pool2d(_padded(x, p[::-1], -np.inf), k, s),
        ),
        (
            "an output width copied from the height",
            "The output's width follows from the picture's width.",
            lambda x, k, s, p: width_from_height(_max_pool2d(x, k, s, p)),
        ),
        (
            "an output size rounded up",
            "A last window that hangs over the border is left out.",
            lambda x, k, s, p: F.max_pool2d(_tensor(x), k, s, p, ceil_mode=True).numpy(),
        ),
        (
            "a mean instead of the maximum",
            "Keep the largest value of each window.",
            lambda x, k, s, p: F.avg_pool2d(_tensor(x), k, s, p).numpy(),
        ),
        (
            "a minimum instead of the maximum",
            "Keep the largest value of each window.",
            lambda x, k, s, p: -_max_pool2d(-x, k, s, p),
        ),
        (
            "a maximum of sizes, signs left out",
            "-5 is smaller than 3: compare the values themselves.",
            lambda x, k, s, p: _max_pool2d(abs(x), k, s, p),
        ),
        (
            "a maximum over the channels too",
            "Each channel is pooled by itself.",
            lambda x, k, s, p: np.repeat(
                _max_pool2d(x, k, s, p).max(1, keepdims=True), x.shape[1], axis=1
            ),
        ),
        (
            "a maximum that starts from zero",
            "Where all values are negative, the maximum is negative: start from minus infinity.",
            lambda x, k, s, p: np.maximum(_max_pool2d(x, k, s, p), 0),
        ),
    ],
    _forward,
)


max_pool2d = Task(
    "max_pool2d",
    _max_pool2d,
    cases=_cases_max_pool2d,
    lecture=LECTURE,
    section=MAXIMUM,
    misunderstandings=_FORWARD,
    formula=_max_pool2d_read,
)

max_pool2d_torch = Task(
    "max_pool2d_torch",
    _max_pool2d,
    cases=_cases_max_pool2d,
    lecture=LECTURE,
    section=DEVICE,
    misunderstandings=_FORWARD,
    formula=_max_pool2d_read,
    torch=True,
    differentiable=True,
    forbidden=[
        *("max_pool2d_with_indices", "max_pool2d", "max_pool2d_with_indices_backward"),
        *("mkldnn_max_pool2d", "quantized_max_pool2d", "adaptive_max_pool2d", "max_pool3d"),
        *("max_pool3d_with_indices", "max_pool1d", "max_pool1d_with_indices"),
    ],
)

# Average, forward


def _avg_pool2d(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    options = {"count_include_pad": count_include_pad}
    return F.avg_pool2d(_tensor(x), kernel_size, stride, padding, **options).numpy()


def _avg_pool2d_read(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    (kH, kW), (sH, sW) = _pairs(kernel_size, stride)
    inside = _padded(np.ones(x.shape), pair(padding), 0)
    x = _padded(x, pair(padding), 0)
    N, C, H, W = x.shape
    y = np.zeros((N, C, (H - kH) // sH + 1, (W - kW) // sW + 1))
    for i, j in np.ndindex(*y.shape[2:]):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        count = kH * kW if count_include_pad else inside[0, 0, rows, columns].sum()
        y[:, :, i, j] = x[:, :, rows, columns].sum(axis=(2, 3)) / count
    return y


def _mean(formula):
    """An oracle on (x, (kH, kW), (sH, sW), (pH, pW), count_include_pad)."""

    def oracle(x, kernel_size, stride, padding, count_include_pad):
        return formula(x, *_pairs(kernel_size, stride), pair(padding), count_include_pad)

    return oracle


def _sums(x, k, s, p):
    return F.avg_pool2d(_tensor(x), k, s, p, divisor_override=1).numpy()


def _divided_by(divisor):
    """A mean that divides by `divisor` of the window where the padding counts."""

    def oracle(x, k, s, p, include):
        return _sums(x, k, s, p) / divisor(k) if include else _avg_pool2d(x, k, s, p, False)

    return oracle


def _cases_avg_pool2d(draw):
    def drawn(N, C, H, W, *arguments, dtype="float64", **options):
        x = draw.normal(N, C, H, W, dtype=dtype)
        x[..., ::2] = 0  # a pixel that is zero is a pixel
        return case(x, *arguments, **options)

    yield case(np.array([[[[6.0, 2.0]]]]), (1, 2), 1, (0, 1))
    N, C = draw.distinct(2, 2, 4)
    yield drawn(N, C, 5, 9, (2, 3))
    yield drawn(N, C, 7, 10, 3, stride=2)
    yield drawn(C, N, 6, 9, (4, 3), (2, 1), (1, 0))
    yield drawn(N, C, 5, 8, (3, 4), (2, 3), (1, 2))
    yield drawn(N, C, 5, 8, (3, 4), (2, 3), (1, 2), count_include_pad=False)
    yield drawn(C, N, 7, 6, 3, 1, 1, False, dtype="float32")
    yield drawn(N, C, 7, 9, 2, stride=(3, 4))
    yield drawn(1, 2, 5, 9, (6, 7), (3, 1), 3)
    yield drawn(N, C, 3, 4, 1)


avg_pool2d = Task(
    "avg_pool2d",
    _avg_pool2d,
    cases=_cases_avg_pool2d,
    lecture=LECTURE,
    section=SHARES,
    formula=_avg_pool2d_read,
    misunderstandings=mistakes(
        SHARES,
        [
            (
                "a sum in place of the mean",
                "Divide by the number of pixels in the window.",
                lambda x, k, s, p, i: _sums(x, k, s, p),
                MAXIMUM,
            ),
            (
                "a division by the full window, padding or not",
                "With count_include_pad=False a window at the border has fewer pixels.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, s, p, True),
            ),
            (
                "a division by the pixels of the picture alone, whatever was asked for",
                "With count_include_pad=True the padding counts as pixels of value 0.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, s, p, False),
            ),
            (
                "the two meanings of count_include_pad swapped",
                "True divides by kH * kW everywhere; False leaves the padding out.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, s, p, not i),
            ),
            (
                "a mean over the pixels that are not zero",
                "A pixel of the picture counts, whatever its value is.",
                lambda x, k, s, p, i: (
                    _avg_pool2d(x, k, s, p, True)
                    if i
                    else _sums(x, k, s, p) / np.maximum(_sums((x != 0) * 1.0, k, s, p), 1)
                ),
            ),
            (
                "a division by the height of the window alone",
                "A window has kH * kW pixels.",
                _divided_by(lambda k: k[0]),
                MAXIMUM,
            ),
            (
                "a division by the width of the window alone",
                "A window has kH * kW pixels.",
                _divided_by(lambda k: k[1]),
                MAXIMUM,
            ),
            (
                "a stride of 1 where none is given",
                "With stride=None the windows lie side by side: the stride is the kernel's size.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, (1, 1) if s == k else s, p, i),
                MAXIMUM,
            ),
            (
                "a stride taken from the kernel",
                "The stride is an argument of its own; windows may overlap.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, k, p, i),
                MAXIMUM,
            ),
            (
                "a stride with its two axes swapped",
                "The first number of a pair is vertical, the second horizontal.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, s[::-1], p, i),
                MAXIMUM,
            ),
            (
                "a stride whose first number is used for both axes",
                "Rows move by the first number of the stride, columns by the second.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, (s[0], s[0]), p, i),
                MAXIMUM,
            ),
            (
                "a padding that is ignored",
                "There are `padding` rows and columns more on each side.",
                lambda x, k, s, p, i: _avg_pool2d(x, k, s, 0, i),
            ),
            (
                "a padding with its two axes swapped",
                "The first number of a pair is vertical, the second horizontal.",
                lambda x, k, s, p, i: _mean_of_padded(x, k, s, p[::-1], i),
            ),
            (
                "a padding that repeats the border",
                "Outside of the picture there are zeros.",
                lambda x, k, s, p, i: (
                    _sums(np.pad(x, ((0, 0), (0, 0), *((n, n) for n in p)), "edge"), k, s, 0)
                    / (k[0] * k[1] if i else _sums(np.ones_like(x), k, s, p))
                ),
            ),
            (
                "a mean over the channels too",
                "Each channel is pooled by itself.",
                lambda x, k, s, p, i: np.repeat(
                    _avg_pool2d(x, k, s, p, i).mean(1, keepdims=True), x.shape[1], axis=1
                ),
                MAXIMUM,
            ),
            (
                "a maximum in place of the mean",
                "Add the window up and divide.",
                lambda x, k, s, p, i: _max_pool2d(_padded(x, p, 0), k, s),
                MAXIMUM,
            ),
            (
                "an output width copied from the height",
                "The output's width follows from the picture's width.",
                lambda x, k, s, p, i: width_from_height(_avg_pool2d(x, k, s, p, i)),
                MAXIMUM,
            ),
        ],
        _mean,
    ),
)


def _mean_of_padded(x, k, s, p, include):
    """Any padding, also one that torch refuses."""
    sums = _sums(_padded(x, p, 0), k, s, 0)
    return sums / (k[0] * k[1] if include else _sums(_padded(np.ones_like(x), p, 0), k, s, 0))


# Lp, forward


def _lp_pool1d(x, norm_type, kernel_size, stride=None):
    windows = _tensor(x).unfold(2, kernel_size, stride or kernel_size)
    largest = windows.abs().amax(3, keepdim=True)
    scaled = windows / largest.where(largest > 0, 1)
    return (torch.linalg.vector_norm(scaled, norm_type, dim=3) * largest[..., 0]).numpy()


def _lp_pool1d_read(x, norm_type, kernel_size, stride=None):
    p, k, s = norm_type, kernel_size, kernel_size if stride is None else stride
    y = np.zeros((*x.shape[:2], (x.shape[2] - k) // s + 1))
    for n, c, i in np.ndindex(*y.shape):
        w = x[n, c, i * s : i * s + k]
        m = abs(w).max()
        y[n, c, i] = m * ((abs(w) / m) ** p).sum() ** (1 / p) if m > 0 else 0
    return y


def _norm(formula):
    """An oracle from (windows, their largest sizes, p) to the outputs."""

    def oracle(x, norm_type, kernel_size, stride):
        s = kernel_size if stride is None else stride
        windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=2)[:, :, ::s]
        largest = abs(windows).max(axis=3)
        with np.errstate(all="ignore"):
            return formula(windows, largest, norm_type)

    return oracle


def _powers(w, m, p):
    """The sum of the powers of the sizes, each divided by the largest."""
    return ((abs(w) / np.where(m > 0, m, 1)[..., None]) ** p).sum(axis=3)


def _cases_lp_pool1d(draw):
    yield case(np.array([[[3.0, -4.0, 0.0, 0.0]]]), 2, 2)
    N, C, k = draw.distinct(3, 2, 4)
    yield case(draw.normal(N, C, 3 * k + 1), 3, k)
    yield case(draw.normal(C, N, 6 + k), 5, k, stride=2)
    yield case(draw.normal(N, C, 8), 1, 2, 3)
    yield case(draw.normal(N, C, 9, dtype="float32"), 2, 3, stride=2)
    # So large, and so small, that a power of it is no number any more, or none but zero.
    yield case(100 + 900 * abs(draw.normal(N, C, 7)), draw.integer(300, 900), 3, stride=2)
    yield case(draw.normal(C, N, 2 * k) / 1000, draw.integer(300, 900), k)
    zeros = draw.normal(N, C, 9)
    zeros[:, :, :4] = 0
    yield case(zeros, 3, 3, 1)
    yield case(draw.normal(N, C, 4), 4, 1)


lp_pool1d = Task(
    "lp_pool1d",
    _lp_pool1d,
    cases=_cases_lp_pool1d,
    lecture=LECTURE,
    section=NORM,
    formula=_lp_pool1d_read,
    misunderstandings=mistakes(
        NORM,
        [
            (
                "powers that overflow, or vanish",
                "300 ** 300 is no float any more: divide by the largest size first, and multiply "
                "by it at the end.",
                _norm(lambda w, m, p: (abs(w) ** p).sum(axis=3) ** (1 / p)),
            ),
            (
                "a sum of powers without the root",
                "The root undoes the power: ** (1 / p).",
                _norm(lambda w, m, p: (abs(w) ** p).sum(axis=3)),
            ),
            (
                "powers of the values in place of their sizes",
                "For odd p negative values would be subtracted: take abs first.",
                _norm(
                    lambda w, m, p: (
                        m * abs(((w / np.where(m > 0, m, 1)[..., None]) ** p).sum(3)) ** (1 / p)
                    )
                ),
            ),
            (
                "a square root, whatever p is",
                "The root undoes the power: ** (1 / p).",
                _norm(lambda w, m, p: m * np.sqrt(_powers(w, m, p))),
            ),
            (
                "a mean in place of the sum",
                "Nothing divides a norm by the number of its values.",
                _norm(lambda w, m, p: m * (_powers(w, m, p) / w.shape[3]) ** (1 / p)),
            ),
            (
                "a norm divided by the length of the window",
                "Nothing divides a norm by the number of its values.",
                _norm(lambda w, m, p: m * _powers(w, m, p) ** (1 / p) / w.shape[3]),
            ),
            (
                "a norm that is not multiplied by the largest again",
                "What was divided before the power is multiplied after the root.",
                _norm(lambda w, m, p: _powers(w, m, p) ** (1 / p)),
            ),
            (
                "the largest size, for every p",
                "Only for p to infinity the largest value alone is left.",
                _norm(lambda w, m, p: m),
            ),
            (
                "the Euclidean norm, whatever p is",
                "The power is p, and the root.",
                _norm(lambda w, m, p: np.sqrt((w**2).sum(3))),
            ),
            (
                "the sum of the sizes, whatever p is",
                "That is p = 1.",
                _norm(lambda w, m, p: abs(w).sum(3)),
            ),
            (
                "a stride of 1 where none is given",
                "With stride=None the windows lie side by side: the stride is the kernel's size.",
                lambda x, norm_type, kernel_size, stride: _lp_pool1d(
                    x, norm_type, kernel_size, stride or 1
                ),
                MAXIMUM,
            ),
            (
                "a stride taken from the kernel",
                "The stride is an argument of its own; windows may overlap.",
                lambda x, norm_type, kernel_size, stride: _lp_pool1d(x, norm_type, kernel_size),
                MAXIMUM,
            ),
            (
                "one window too few",
                "The number of windows is (L - kernel_size) // stride + 1: mind the one.",
                lambda x, norm_type, kernel_size, stride: _lp_pool1d(
                    x, norm_type, kernel_size, stride
                )[..., :-1],
                MAXIMUM,
            ),
        ],
    ),
)

# Maximum, backward


def _max_pool2d_backward(grad_output, x, kernel_size, stride=None, padding=0):
    x = _tensor(x).requires_grad_()
    y = F.max_pool2d(x, kernel_size, stride, padding)
    return torch.autograd.grad(y, x, _tensor(grad_output))[0].numpy()


def _max_pool2d_backward_read(grad_output, x, kernel_size, stride=None, padding=0):
    (kH, kW), (sH, sW) = _pairs(kernel_size, stride)
    pH, pW = pair(padding)
    H, W = x.shape[2:]
    x = _padded(x, (pH, pW), -np.inf)
    grad_x = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*grad_output.shape):
        window = x[n, c, i * sH : i * sH + kH, j * sW : j * sW + kW]
        p, q = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * sH + p, j * sW + q] += grad_output[n, c, i, j]
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def _added(windows, shape, stride, put=np.ndarray.__add__, order=1):
    """Windows added to the picture, or put there otherwise, window after window."""
    y = np.zeros(shape)
    I, J, P, Q = windows.shape[2:]  # noqa: E741
    for i, j in list(np.ndindex(I, J))[::order]:
        part = np.s_[:, :, i * stride[0] : i * stride[0] + P, j * stride[1] : j * stride[1] + Q]
        y[part] = put(y[part], windows[:, :, i, j])
    return y


def _first(flat):
    return np.arange(flat.shape[-1]) == flat.argmax(-1)[..., None]


def _last(flat):
    return np.arange(flat.shape[-1])[::-1] == flat[..., ::-1].argmax(-1)[..., None]


def _tied(flat):
    return (flat == flat.max(-1, keepdims=True)).astype(float)


def _where_written(old, new):
    return np.where(new != 0, new, old)


def _cut(grad_x, x, padding):
    """The picture's part of a padded gradient."""
    (pH, pW), (H, W) = padding, x.shape[2:]
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def _routed(
    route=_first,
    put=np.ndarray.__add__,
    order=1,
    stride_of=lambda kernel, stride: stride,
    pad=lambda x, padding: _padded(x, padding, -np.inf),
    cut=_cut,
):
    """An oracle: `route` from (flat windows) to the share of each place; windows add up.

    `put` and `order` say otherwise how windows meet, `stride_of` which stride is taken, `pad` and
    `cut` what is done with the padding; there is no result where the windows do not fit the
    gradient then.
    """

    def oracle(grad_output, x, kernel, stride, padding):
        stride = stride_of(kernel, stride)
        I, J = grad_output.shape[2:]  # noqa: E741
        big = pad(x, padding)
        windows = _windows(big, kernel, stride)[:, :, :I, :J]
        if windows.shape[2:4] != (I, J):
            return None
        share = route(windows.reshape(*windows.shape[:4], -1)) * grad_output[..., None]
        return cut(_added(share.reshape(windows.shape), big.shape, stride, put, order), x, padding)

    return oracle


def _backward(formula):
    def oracle(grad_output, x, kernel_size, stride, padding):
        return formula(grad_output, x, *_pairs(kernel_size, stride), pair(padding))

    return oracle


def _few(draw, *shape):
    """Few different values, so that ties are common, as they are after a ReLU."""
    return np.maximum(np.round(draw.normal(*shape)), 0)


def _cases_max_pool2d_backward(draw):
    def drawn(x, *arguments, **options):
        shape = _max_pool2d(x, *arguments, **options).shape
        return case(draw.normal(*shape, dtype=str(x.dtype)), x, *arguments, **options)

    yield drawn(np.array([[1.0, 3, 2], [3, 0, 3]]).reshape(1, 1, 2, 3), 2, stride=1)
    N, C = draw.distinct(2, 2, 4)
    yield drawn(draw.normal(N, C, 5, 7), 2)
    yield drawn(draw.normal(N, C, 7, 9), 3, stride=2)
    yield drawn(_few(draw, N, C, 6, 8), (3, 4), (1, 2))
    yield drawn(draw.normal(C, N, 7, 8), (3, 2), stride=(2, 1))
    yield drawn(np.zeros((C, N, 4, 9)), (2, 3), (2, 2))
    yield drawn(draw.normal(N, C, 7, 8, dtype="float32"), 2, 3)
    yield drawn(draw.normal(N, C, 6, 9), (2, 3))
    yield drawn(draw.normal(N, C, 2, 3), 1)
    # Where the padding were zero, it would win some windows; where it were not cut, others.
    yield drawn(-abs(draw.normal(C, N, 5, 7)), 3, 2, 1)
    yield drawn(draw.normal(N, C, 6, 8), (2, 5), (1, 2), padding=(1, 2))
    yield drawn(_few(draw, N, C, 7, 5), (4, 2), (2, 1), padding=(2, 0))
    yield drawn(draw.normal(1, C, 5, 6, dtype="float32"), (3, 4), padding=(0, 2))
    yield drawn(draw.normal(1, 2, 8, 9), (6, 7), (3, 1), padding=3)


max_pool2d_backward = Task(
    "max_pool2d_backward",
    _max_pool2d_backward,
    cases=_cases_max_pool2d_backward,
    lecture=LECTURE,
    section=ROUTE,
    formula=_max_pool2d_backward_read,
    misunderstandings=mistakes(
        ROUTE,
        [
            (
                "each window writing over the ones before it",
                "Where windows overlap, gradients add up: += in place of =.",
                _routed(put=lambda old, new: new),
            ),
            (
                "a winner of two windows that keeps the last gradient alone",
                "A pixel that wins two windows gets both gradients: += in place of =.",
                _routed(put=_where_written),
            ),
            (
                "a winner of two windows that keeps the first gradient alone",
                "A pixel that wins two windows gets both gradients: += in place of =.",
                _routed(put=_where_written, order=-1),
            ),
            (
                "a gradient that goes to all of the tied",
                "One pixel wins a tie, the first: the gradient goes there alone.",
                _routed(_tied),
            ),
            (
                "a gradient shared among the tied",
                "One pixel wins a tie, the first: it gets the whole gradient.",
                _routed(lambda flat: _tied(flat) / _tied(flat).sum(-1, keepdims=True)),
            ),
            (
                "a tie that goes to the last maximum",
                "The first maximum of the window wins, as in torch.",
                _routed(_last),
            ),
            (
                "a gradient that goes to every pixel of the window",
                "Only the winner had a part in the output.",
                _routed(np.ones_like),
            ),
            (
                "a gradient shared by all pixels of the window",
                "That is the gradient of an average; here the winner gets all of it.",
                _routed(lambda flat: np.ones_like(flat) / flat.shape[-1]),
            ),
            (
                "a gradient that goes to the smallest value",
                "The largest value of the window was passed on.",
                _routed(lambda flat: _first(-flat)),
            ),
            (
                "a gradient that goes to the window's first pixel",
                "It goes to the place of the maximum, wherever that is.",
                _routed(lambda flat: np.arange(flat.shape[-1]) == 0),
            ),
            (
                "a gradient multiplied by the value of the winner",
                "y = x at the winner, so dy/dx = 1: pass the gradient on as it is.",
                _routed(lambda flat: np.where(_first(flat), flat, 0)),
            ),
            (
                "a mask of the winners, without grad_output",
                "The chain rule multiplies by what comes from above.",
                lambda g, x, k, s, p: _routed()(np.ones_like(g), x, k, s, p),
            ),
            (
                "a stride taken from the kernel",
                "The stride is an argument of its own; windows may overlap.",
                _routed(stride_of=lambda kernel, stride: kernel),
            ),
            (
                "a stride that is ignored",
                "Window (i, j) begins at row i * stride, column j * stride.",
                _routed(stride_of=lambda kernel, stride: (1, 1)),
            ),
            (
                "a stride whose first number is used for both axes",
                "Rows move by the first number of the stride, columns by the second.",
                _routed(stride_of=lambda kernel, stride: (stride[0], stride[0])),
            ),
            (
                "a padding of zeros, which win where all pixels are negative",
                "What is outside the picture never wins: pad with minus infinity.",
                _routed(pad=lambda x, padding: _padded(x, padding, 0)),
            ),
            (
                "a gradient cut out at the corner of the padded picture",
                "The picture begins behind the padding: at row pH, column pW.",
                _routed(cut=lambda grad_x, x, padding: _cut(grad_x, x, (0, 0))),
            ),
            (
                "a gradient of the padded picture",
                "The gradient has the shape of x: cut the padding off at the end.",
                _routed(cut=lambda grad_x, x, padding: grad_x),
            ),
            (
                "a padding behind the picture alone",
                "The padding is on both sides: the first window begins pH rows above the picture.",
                _routed(
                    pad=lambda x, padding: np.pad(
                        x,
                        ((0, 0), (0, 0), *((0, 2 * n) for n in padding)),
                        constant_values=-np.inf,
                    ),
                    cut=lambda grad_x, x, padding: _cut(grad_x, x, (0, 0)),
                ),
            ),
            (
                "a padding with its two axes swapped",
                "The first number of a pair is vertical, the second horizontal.",
                lambda g, x, k, s, p: _routed()(g, x, k, s, p[::-1]),
            ),
        ],
        _backward,
    ),
)

# Average, backward


def _avg_pool2d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    x = _tensor(x).requires_grad_()
    y = F.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
    return torch.autograd.grad(y, x, _tensor(grad_output))[0].numpy()


def _average(formula):
    """An oracle on pairs: grad_output, x, kernel, stride, padding, count_include_pad."""

    def oracle(grad_output, x, kernel_size, stride, padding, count_include_pad):
        sizes = *_pairs(kernel_size, stride), pair(padding)
        return formula(grad_output, x, *sizes, count_include_pad)

    return oracle


def _avg(g, x, k, s, p, include=True, divisor=None):
    x = _tensor(x).requires_grad_()
    y = F.avg_pool2d(x, k, s, p, False, include, divisor)
    if y.shape != g.shape:
        return None
    return torch.autograd.grad(y, x, _tensor(g))[0].numpy()


def _shared(divisor, put=np.ndarray.__add__, stride_of=lambda kernel, stride: stride):
    """Gradients shared in padded windows by a divisor; `put` says how windows meet."""

    def oracle(g, x, k, s, p, include):
        s = stride_of(k, s)
        share = np.broadcast_to((g / divisor(k))[..., None, None], (*g.shape, *k))
        N, C, H, W = x.shape
        big = (N, C, max(H, (g.shape[2] - 1) * s[0] + k[0]), max(W, (g.shape[3] - 1) * s[1] + k[1]))
        shape = (N, C, big[2] + 2 * p[0], big[3] + 2 * p[1])
        y = _added(share, shape, s, put)
        return y[:, :, p[0] : p[0] + H, p[1] : p[1] + W]

    return oracle


def _shared_by(counts, cut=_cut):
    """Gradients shared by how many pixels each window has."""

    def oracle(g, x, k, s, p):
        share = np.broadcast_to((g / counts)[..., None, None], (*g.shape, *k))
        return cut(_added(share, _padded(x, p, 0).shape, s), x, p)

    return oracle


def _corner(grad_x, x, padding):
    return _cut(grad_x, x, (0, 0))


def _avg_pool2d_backward_read(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    (kH, kW), (sH, sW) = _pairs(kernel_size, stride)
    pH, pW = pair(padding)
    H, W = x.shape[2:]
    inside = _padded(np.ones(x.shape), (pH, pW), 0)
    grad_x = np.zeros(inside.shape)
    for i, j in np.ndindex(*grad_output.shape[2:]):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        count = kH * kW if count_include_pad else inside[0, 0, rows, columns].sum()
        grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def _cases_avg_pool2d_backward(draw):
    def drawn(N, C, H, W, kernel, stride=None, padding=0, dtype="float64", **options):
        x = draw.normal(N, C, H, W, dtype=dtype)
        x[..., ::2] = 0  # the mean counts pixels that are zero, too
        shape = F.avg_pool2d(_tensor(x), kernel, stride, padding).shape
        arguments = {"stride": stride, "padding": padding} if stride else {"padding": padding}
        return case(draw.normal(*shape, dtype=dtype), x, kernel, **arguments, **options)

    yield drawn(1, 1, 2, 4, 2)
    N, C = draw.distinct(2, 2, 4)
    yield drawn(N, C, 5, 9, (2, 3))
    yield drawn(N, C, 7, 10, 3, 2)
    yield drawn(C, N, 6, 9, (4, 3), (2, 1), (1, 0))
    yield drawn(N, C, 5, 8, (3, 4), (2, 3), (1, 2))
    yield drawn(N, C, 5, 8, (3, 4), (2, 3), (1, 2), count_include_pad=False)
    yield drawn(C, N, 7, 6, 3, 1, 1, "float32", count_include_pad=False)
    yield drawn(1, 2, 5, 9, (6, 7), (3, 1), 3)


avg_pool2d_backward = Task(
    "avg_pool2d_backward",
    _avg_pool2d_backward,
    cases=_cases_avg_pool2d_backward,
    lecture=LECTURE,
    section=SHARES,
    formula=_avg_pool2d_backward_read,
    misunderstandings=mistakes(
        SHARES,
        [
            (
                "a gradient that is not divided",
                "Each pixel has a share of 1 / (kH * kW) in the mean.",
                lambda g, x, k, s, p, i: _avg(g, x, k, s, p, divisor=1),
            ),
            (
                "a window that always has nine pixels",
                "Divide by the window's own size, kH * kW.",
                lambda g, x, k, s, p, i: _avg(g, x, k, s, p, divisor=9),
            ),
            (
                "a division by the full window, padding or not",
                "With count_include_pad=False a window at the border has fewer pixels to share.",
                lambda g, x, k, s, p, i: _avg(g, x, k, s, p, True),
            ),
            (
                "a division by the pixels of the picture alone, whatever was asked for",
                "With count_include_pad=True the padding counts as pixels of value 0.",
                lambda g, x, k, s, p, i: _avg(g, x, k, s, p, False),
            ),
            (
                "the two meanings of count_include_pad swapped",
                "True divides by kH * kW everywhere; False leaves the padding out.",
                lambda g, x, k, s, p, i: _avg(g, x, k, s, p, not i),
            ),
            (
                "a division by the height of the window alone",
                "A window has kH * kW pixels.",
                _shared(lambda k: k[0]),
            ),
            (
                "a division by the width of the window alone",
                "A window has kH * kW pixels.",
                _shared(lambda k: k[1]),
            ),
            (
                "a division by kH + kW",
                "A window has kH * kW pixels.",
                _shared(lambda k: k[0] + k[1]),
            ),
            (
                "a gradient divided twice",
                "Each pixel has a share of 1 / (kH * kW), once.",
                _shared(lambda k: (k[0] * k[1]) ** 2),
            ),
            (
                "a gradient multiplied by the window's size",
                "A mean divides: each pixel has a share of 1 / (kH * kW).",
                _shared(lambda k: 1 / (k[0] * k[1])),
            ),
            (
                "each window writing over the ones before it",
                "Where windows overlap, gradients add up: += in place of =.",
                _shared(lambda k: k[0] * k[1], put=lambda old, new: new),
            ),
            (
                "a padding that is ignored",
                "The first window begins `padding` rows above the picture.",
                lambda g, x, k, s, p, i: _shared(lambda k: k[0] * k[1])(g, x, k, s, (0, 0), i),
            ),
            (
                "a padding with its two axes swapped",
                "The first number of a pair is vertical, the second horizontal.",
                lambda g, x, k, s, p, i: _shared(lambda k: k[0] * k[1])(g, x, k, s, p[::-1], i),
            ),
            (
                "a stride taken from the kernel",
                "The stride is an argument of its own; windows may overlap.",
                _shared(lambda k: k[0] * k[1], stride_of=lambda k, s: k),
            ),
            (
                "a division by the pixels that are not zero",
                "A pixel of the picture counts, whatever its value is.",
                lambda g, x, k, s, p, i: (
                    _avg(g, x, k, s, p, True)
                    if i
                    else _shared_by(np.maximum(_sums((x != 0) * 1.0, k, s, p), 1))(g, x, k, s, p)
                ),
            ),
            (
                "a gradient cut out at the corner of the padded picture",
                "The picture begins behind the padding: at row pH, column pW.",
                lambda g, x, k, s, p, i: _shared_by(
                    k[0] * k[1] if i else _sums(np.ones_like(x), k, s, p), _corner
                )(g, x, k, s, p),
            ),
            (
                "a gradient times the pixels",
                "The mean is linear: its derivative is the share, whatever the pixels are.",
                lambda g, x, k, s, p, i: x * _avg(g, x, k, s, p, i),
            ),
        ],
        _average,
    ),
)

# Lp, backward


def _lp_pool1d_backward(grad_output, x, norm_type, kernel_size, stride=None):
    x = _tensor(x).requires_grad_()
    windows = x.unfold(2, kernel_size, stride or kernel_size)
    # A norm of zero has no derivative; 0 is a subgradient, and what torch gives for p > 1.
    y = torch.linalg.vector_norm(windows, norm_type, dim=3)
    grad = torch.autograd.grad(y, x, _tensor(grad_output))[0]
    return torch.nan_to_num(grad).numpy()


def _slope(formula, put=np.ndarray.__add__):
    """An oracle from (windows, norms, p) to the slope of each place."""

    def oracle(grad_output, x, norm_type, kernel_size, stride):
        s = stride or kernel_size
        windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=2)[:, :, ::s]
        y = np.linalg.norm(windows, norm_type, axis=3, keepdims=True)
        with np.errstate(all="ignore"):
            slope = np.broadcast_to(formula(windows, y, norm_type), windows.shape)
        share = grad_output[..., None] * slope
        flat = share[:, :, None, :, None, :]
        return _added(flat, (*x.shape[:2], 1, x.shape[2]), (1, s), put)[:, :, 0]

    return oracle


def _right(w, y, p):
    return np.where(y > 0, np.sign(w) * (abs(w) / np.where(y > 0, y, 1)) ** (p - 1), 0)


def _lp_pool1d_backward_read(grad_output, x, norm_type, kernel_size, stride=None):
    p, k, s = norm_type, kernel_size, kernel_size if stride is None else stride
    grad_x = np.zeros(x.shape)
    for n, c, i in np.ndindex(*grad_output.shape):
        w = x[n, c, i * s : i * s + k]
        y = (abs(w) ** p).sum() ** (1 / p)
        slope = np.sign(w) * (abs(w) / y) ** (p - 1) if y > 0 else 0
        grad_x[n, c, i * s : i * s + k] += grad_output[n, c, i] * slope
    return grad_x


def _cases_lp_pool1d_backward(draw):
    def drawn(x, norm_type, kernel_size, **options):
        windows = (x.shape[2] - kernel_size) // options.get("stride", kernel_size) + 1
        grad = draw.normal(*x.shape[:2], windows, dtype=str(x.dtype))
        return case(grad, x, norm_type, kernel_size, **options)

    yield case(np.array([[[5.0]]]), np.array([[[3.0, -4.0]]]), 2, 2)
    N, C, k = draw.distinct(3, 2, 4)
    yield drawn(draw.normal(N, C, 3 * k + 1), 3, k)
    yield drawn(draw.normal(N, C, 6 + k), 3, k, stride=2)
    yield drawn(draw.normal(C, N, 5 + k), 4, k, stride=1)
    yield drawn(draw.normal(N, C, 8), 1, 2, stride=3)
    zeros = draw.normal(N, C, 9)
    zeros[:, :, :4] = 0
    yield drawn(zeros, 2, 3, stride=2)
    yield drawn(draw.normal(N, C, 9, dtype="float32"), 5, 3, stride=2)
    zeros = draw.normal(N, C, 9)
    zeros[:, :, ::3] = 0
    yield drawn(zeros, 1, 3)


lp_pool1d_backward = Task(
    "lp_pool1d_backward",
    _lp_pool1d_backward,
    cases=_cases_lp_pool1d_backward,
    lecture=LECTURE,
    section=NORM,
    formula=_lp_pool1d_backward_read,
    misunderstandings=mistakes(
        NORM,
        [
            (
                "a slope without the sign of x",
                "Where x is negative, growing x makes the norm smaller: multiply by sign(x).",
                _slope(lambda w, y, p: np.where(y > 0, (abs(w) / y) ** (p - 1), 0)),
            ),
            (
                "the slides' formula, x to the power p - 1",
                "For odd p the power is positive for negative x, where the slope must be negative.",
                _slope(
                    lambda w, y, p: np.where(
                        y > 0, w ** (p - 1) / np.where(y > 0, y, 1) ** (p - 1), 0
                    )
                ),
            ),
            (
                "a slope that is not divided by the norm",
                "The outer derivative of the root divides by y ** (p - 1).",
                _slope(lambda w, y, p: np.sign(w) * abs(w) ** (p - 1)),
            ),
            (
                "a slope divided by y instead of y ** (p - 1)",
                "The derivative of s ** (1 / p) is s ** (1 / p - 1) / p, that is y ** (1 - p) / p.",
                _slope(
                    lambda w, y, p: np.where(
                        y > 0, np.sign(w) * abs(w) ** (p - 1) / np.where(y > 0, y, 1), 0
                    )
                ),
            ),
            (
                "a slope without the root's derivative: p |x| ** (p - 1)",
                "The root around the sum has a derivative too; the p cancels.",
                _slope(lambda w, y, p: p * np.sign(w) * abs(w) ** (p - 1)),
            ),
            (
                "a slope with a factor p",
                "The p of the power and the 1 / p of the root cancel.",
                _slope(lambda w, y, p: p * _right(w, y, p)),
            ),
            (
                "a slope divided by p",
                "The p of the power and the 1 / p of the root cancel.",
                _slope(lambda w, y, p: _right(w, y, p) / p),
            ),
            (
                "a slope with the power p instead of p - 1",
                "A derivative lowers the power by one.",
                _slope(
                    lambda w, y, p: np.where(
                        y > 0, np.sign(w) * (abs(w) / np.where(y > 0, y, 1)) ** p, 0
                    )
                ),
            ),
            (
                "the slope of the Euclidean norm, whatever p is",
                "x / y is the slope for p = 2 alone.",
                _slope(lambda w, y, p: np.where(y > 0, w / np.where(y > 0, y, 1), 0)),
            ),
            (
                "each window writing over the ones before it",
                "Where windows overlap, gradients add up: += in place of =.",
                _slope(_right, put=lambda old, new: new),
            ),
            (
                "a gradient shared equally, as an average's",
                "Larger values have the larger part of the norm.",
                _slope(lambda w, y, p: 1 / w.shape[-1]),
            ),
            (
                "the maximum's gradient: all of it to the largest",
                "Only for very large p does the largest value take everything.",
                _slope(
                    lambda w, y, p: (
                        np.sign(w)
                        * (np.arange(w.shape[-1]) == abs(w).argmax(-1)[..., None])
                        * (y > 0)
                    )
                ),
            ),
            (
                "a slope without grad_output",
                "The chain rule multiplies by what comes from above.",
                lambda grad_output, **rest: _slope(_right)(np.ones_like(grad_output), **rest),
            ),
        ],
    ),
)

# A gradient checker

# As the exercise gives them.
_LAYERS = {
    "cube": lambda x: x**3,
    "tanh": np.tanh,
    "sum": lambda x: x.sum(axis=-1),
    "neighbours": lambda x: x[..., 1:] * x[..., :-1],
    "average": lambda x: _avg_pool2d(x, (2, 3), (2, 1), (1, 1), False),
}


def _loss(layer, x, grad_output):
    return (grad_output * _LAYERS[layer](x)).sum()


def _quotients(
    difference,
    loss=_loss,
    move=lambda x, place, h: h * (np.arange(x.size).reshape(x.shape) == place),
):
    """An oracle from (E at x + step, E at x - step, E at x, h) to the slope of each place."""

    def oracle(layer, x, grad_output, h=1e-4):
        here, slopes = loss(layer, x, grad_output), []
        for place in range(x.size):
            step = move(x, place, h)
            up, down = (loss(layer, at, grad_output) for at in (x + step, x - step))
            slopes.append(difference(up, down, here, h))
        return np.array(slopes).reshape(x.shape)

    return oracle


def _central(up, down, here, h):
    return (up - down) / (2 * h)


_numerical_gradient = _quotients(_central)


def _numerical_gradient_read(layer, x, grad_output, h=1e-4):
    grad_x = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        up = (grad_output * _LAYERS[layer](x + step)).sum()
        down = (grad_output * _LAYERS[layer](x - step)).sum()
        grad_x[place] = (up - down) / (2 * h)
    return grad_x


def _steps_kept(layer, x, grad_output, h=1e-4):
    """Each input is moved up by h in x itself, and stays there."""
    x, slopes = x.copy(), []
    for place in range(x.size):
        here = x.copy()
        x.flat[place] += h
        here.flat[place] -= h
        up, down = (_loss(layer, at, grad_output) for at in (x, here))
        slopes.append((up - down) / (2 * h))
    return np.array(slopes).reshape(x.shape)


def _cases_numerical_gradient(draw):
    def drawn(layer, *shape, dtype="float64", **options):
        x = draw.normal(*shape, dtype=dtype)
        return case(layer, x, draw.normal(*_LAYERS[layer](x).shape, dtype=dtype), **options)

    yield case("neighbours", np.array([[2.0, 3.0, 5.0]]), np.array([[10.0, 1.0]]), 0.5)
    a, b, c = draw.distinct(3, 2, 4)
    yield drawn("cube", a, b, h=0.5)
    yield drawn("tanh", a, 2, c, h=draw.choice(0.1, 0.2, 0.3))
    yield drawn("sum", a, b, c)
    yield drawn("neighbours", b, c + 2, h=0.25)
    yield drawn("average", 2, 1, c, b + 2)
    # A step that is lost in the seven digits of float32.
    yield drawn("tanh", b, c, dtype="float32", h=1e-5)
    yield drawn("cube", c, 1, h=1e-2)


numerical_gradient = Task(
    "numerical_gradient",
    _numerical_gradient,
    cases=_cases_numerical_gradient,
    lecture=LECTURE,
    section=CHECKER,
    formula=_numerical_gradient_read,
    misunderstandings=mistakes(
        CHECKER,
        [
            (
                "a difference to one side",
                "Move each input up and down: errors of the two sides cancel.",
                _quotients(lambda up, down, here, h: (up - here) / h),
            ),
            (
                "a difference to the other side",
                "Move each input up and down: errors of the two sides cancel.",
                _quotients(lambda up, down, here, h: (here - down) / h),
            ),
            (
                "a difference divided by h in place of 2h",
                "From x - h to x + h it is 2h.",
                _quotients(lambda up, down, here, h: (up - down) / h),
            ),
            (
                "a difference that is not divided",
                "A slope is a difference divided by the length of the step.",
                _quotients(lambda up, down, here, h: up - down),
            ),
            (
                "a gradient with its sign turned",
                "The loss at x + h comes first.",
                _quotients(lambda up, down, here, h: (down - up) / (2 * h)),
            ),
            (
                "a loss that sums the outputs, without grad_output",
                "The loss whose gradient is wanted is the sum of grad_output * y.",
                _quotients(_central, lambda layer, x, grad_output: _LAYERS[layer](x).sum()),
            ),
            (
                "a mean in place of the sum",
                "The loss adds up: nothing divides it by the number of outputs.",
                _quotients(
                    _central, lambda layer, x, g: _loss(layer, x, g) / _LAYERS[layer](x).size
                ),
            ),
            (
                "a squared error",
                "grad_output is a gradient, no target: the loss is the sum of grad_output * y.",
                _quotients(
                    _central, lambda layer, x, g: 0.5 * ((_LAYERS[layer](x) - g) ** 2).sum()
                ),
            ),
            (
                "all inputs moved at once",
                "One input at a time: the others stay where they are.",
                _quotients(_central, move=lambda x, place, h: np.full(x.shape, h)),
            ),
            (
                "steps that are not taken back",
                "Before the next input moves, this one goes back to where it was.",
                _steps_kept,
            ),
            (
                "a step of its own",
                "The step is an argument: h.",
                lambda layer, x, grad_output, h: _numerical_gradient(layer, x, grad_output),
            ),
            (
                "a step in proportion to x",
                "Each input moves by h, whatever its value is.",
                _quotients(
                    _central,
                    move=lambda x, place, h: h * x * (np.arange(x.size).reshape(x.shape) == place),
                ),
            ),
        ],
    ),
)

# A network of one layer


def _one_layer_gradient(x, weight, target, kernel_size):
    """dE/dweight of convolution, tanh, maximum pooling and squared error, by autograd."""
    tx, tw = _tensor(x), _tensor(weight).requires_grad_()
    v = torch.tanh(F.conv1d(tx[None, None], tw[None, None])[0, 0])
    y = F.max_pool1d(v[None], kernel_size)[0]
    cost = 0.5 * ((y - _tensor(target)) ** 2).sum()
    return torch.autograd.grad(cost, tw)[0].numpy()


def _by_steps(**steps):
    """An oracle: the gradient in steps, some of them replaced.

    The steps: error(y, target), route(windows), slope(u, v), collect(delta, x, K).
    """
    right = {
        "error": lambda y, t: y - t,
        "route": _first,
        "slope": lambda u, v: 1 - v**2,
        "collect": lambda delta, x, K: np.correlate(x, delta, "valid"),
    } | steps

    def oracle(x, weight, target, kernel_size):
        u = np.correlate(x, weight, "valid")
        v = np.tanh(u)
        windows = v[: len(v) // kernel_size * kernel_size].reshape(-1, kernel_size)
        y = windows.max(1)
        grad_v = np.zeros_like(v)
        routed = right["route"](windows) * right["error"](y, target)[:, None]
        grad_v[: routed.size] = routed.ravel()
        return right["collect"](grad_v * right["slope"](u, v), x, len(weight))

    return oracle


def _one_layer_gradient_read(x, weight, target, kernel_size):
    u = np.correlate(x, weight, "valid")
    v = np.tanh(u)
    windows = v[: len(v) // kernel_size * kernel_size].reshape(-1, kernel_size)
    error = windows.max(axis=1) - target
    grad_v = np.zeros(len(v))
    grad_v[np.arange(len(windows)) * kernel_size + windows.argmax(axis=1)] = error
    delta = grad_v * (1 - v**2)
    return np.correlate(x, delta, "valid")


def _cases_one_layer(draw):
    for K, k, m in [(2, 2, 2), (3, 2, 3), (2, 3, 4), (4, 3, 3)]:
        extra = draw.integer(0, k - 1)
        x, weight = draw.normal(K + k * m - 1 + extra), draw.normal(K)
        yield case(x, weight, draw.normal(m), k)
    # Every value of a window is the same: the first of them wins.
    for K, k, m in [(2, 2, 3), (3, 3, 2)]:
        x = draw.normal(K + k * m - 1)
        yield case(x, np.zeros(K), draw.normal(m), k)


one_layer_gradient = Task(
    "one_layer_gradient",
    _one_layer_gradient,
    cases=_cases_one_layer,
    lecture=LECTURE,
    section=NETWORK,
    formula=_one_layer_gradient_read,
    misunderstandings=mistakes(
        NETWORK,
        [
            (
                "a gradient without the activation's slope",
                "tanh has the slope 1 - tanh(u) ** 2: multiply by it.",
                _by_steps(slope=lambda u, v: 1.0),
            ),
            (
                "the slope of the sigmoid, v * (1 - v)",
                "The slope of tanh is 1 - v ** 2.",
                _by_steps(slope=lambda u, v: v * (1 - v)),
            ),
            (
                "a slope taken at u instead of at tanh(u)",
                "The slope is 1 - tanh(u) ** 2, not 1 - u ** 2.",
                _by_steps(slope=lambda u, v: 1 - u**2),
            ),
            (
                "a slope of 1 - v, without the square",
                "The slope of tanh is 1 - v ** 2.",
                _by_steps(slope=lambda u, v: 1 - v),
            ),
            (
                "an error of twice the difference",
                "The cost has a factor 1/2, which the square's derivative cancels.",
                _by_steps(error=lambda y, t: 2 * (y - t)),
            ),
            (
                "an error divided by the number of outputs",
                "The cost is a sum over the outputs, not a mean.",
                _by_steps(error=lambda y, t: (y - t) / len(y)),
            ),
            (
                "an error with its sign turned",
                "The derivative of the cost by y is y - target.",
                _by_steps(error=lambda y, t: t - y),
            ),
            (
                "an error without the target",
                "The derivative of the cost by y is y - target.",
                _by_steps(error=lambda y, t: y),
            ),
            (
                "a gradient that goes to every value of the window",
                "Pooling passes the gradient to the winner alone.",
                _by_steps(route=np.ones_like),
            ),
            (
                "a gradient shared by all values of the window",
                "That is an average's gradient: the winner gets all of it.",
                _by_steps(route=lambda w: np.ones_like(w) / w.shape[1]),
            ),
            (
                "a gradient that goes to the first value of the window",
                "It goes to the place of the maximum.",
                _by_steps(route=lambda w: np.arange(w.shape[1]) == np.zeros((len(w), 1))),
            ),
            (
                "a weight gradient with its taps in reverse",
                "weight[k] met x[i + k]: correlate x with delta, nothing is flipped.",
                _by_steps(collect=lambda d, x, K: np.correlate(x, d, "valid")[::-1]),
            ),
            (
                "a convolution with delta in place of a correlation",
                "weight[k] met x[i + k]: correlate x with delta, nothing is flipped.",
                _by_steps(collect=lambda d, x, K: np.convolve(x, d, "valid")),
            ),
            (
                "delta times the first inputs, for every tap",
                "Tap k meets the inputs from k on.",
                _by_steps(collect=lambda d, x, K: np.full(K, d @ x[: len(d)])),
            ),
        ],
    ),
)


# A stage to design

steady_stage = design_task("steady_stage", LECTURE)
