"""What a right answer to the exercise on architectures is, and what each wrong answer means.

The truth is told by torch's own layers; see `course.checking`.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from course.architectures.design import design_task
from course.checking import Task, case, mistakes, pair, refuses

LECTURE = "08_architectures"
PLAN = "LeNet-5: the plan that all follow"
POINTWISE = "The 1 × 1 convolution"
INCEPTION = "GoogLeNet: all kernels at once"


# A 1x1 convolution


def _pointwise_conv2d(x, weight):
    found = F.conv2d(torch.from_numpy(x), torch.from_numpy(weight)[..., None, None])
    return found.numpy()


def _pointwise_conv2d_read(x, weight):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o, c in np.ndindex(len(weight), x.shape[1]):
        y[:, o] += weight[o, c] * x[:, c]
    return y


def _cases_pointwise(draw):
    yield case(draw.normal(1, 2, 2, 3), draw.normal(3, 2))
    yield case(draw.normal(2, 3, 4, 5), draw.normal(7, 3))
    yield case(draw.normal(3, 4, 1, 2), draw.normal(4, 4))
    yield case(draw.normal(1, 1, 3, 1), draw.normal(1, 1))
    yield case(draw.normal(2, 5, 3, 3, dtype="float32"), draw.normal(2, 5, dtype="float32"))
    yield refuses(ValueError, draw.normal(1, 3, 2, 2), draw.normal(4, 2))


pointwise_conv2d = Task(
    "pointwise_conv2d",
    _pointwise_conv2d,
    cases=_cases_pointwise,
    lecture=LECTURE,
    section=POINTWISE,
    formula=_pointwise_conv2d_read,
    vectorised=lambda draw, h, w: case(draw.normal(1, 2, h, w), draw.normal(3, 2)),
    misunderstandings=mistakes(
        POINTWISE,
        [
            (
                "the weight's transpose",
                "weight has a row for each output channel: (O, C).",
                lambda x, weight: np.einsum("co,ncij->noij", weight, x),
            ),
            (
                "the channels last",
                "The result is (N, O, H, W): move the new axis back to its place.",
                lambda x, weight: np.einsum("oc,ncij->nijo", weight, x),
            ),
            (
                "the channels of a place read as if they lay behind one another",
                "After x.reshape the channels are not last: move the axis, do not reshape it.",
                lambda x, weight: (x.reshape(-1, x.shape[1]) @ weight.T).reshape(
                    len(x), len(weight), *x.shape[2:]
                ),
            ),
            (
                "the last channel left out",
                "The sum runs over all channels.",
                lambda x, weight: np.einsum("oc,ncij->noij", weight[:, :-1], x[:, :-1]),
            ),
        ],
    ),
)

# An inception module

_BRANCHES = [("1x1", None), ("3x3", "3x3 reduce"), ("5x5", "5x5 reduce"), ("pool proj", None)]


def _inception(x, weights):
    return _module(x, weights)


def _conv(x, weights, name):
    """The convolution of a name and its rectifier; where it has no weights, what came in."""
    if name not in weights:
        return x
    weight = torch.as_tensor(weights[name])
    return F.conv2d(torch.as_tensor(x), weight, padding=weight.shape[-1] // 2).relu().numpy()


def _pool(x, kernel_size, stride, padding):
    return F.max_pool2d(torch.as_tensor(x), kernel_size, stride, padding).numpy()


def _inception_read(x, weights):
    one = _conv(x, weights, "1x1")
    three = _conv(_conv(x, weights, "3x3 reduce"), weights, "3x3")
    five = _conv(_conv(x, weights, "5x5 reduce"), weights, "5x5")
    pooled = _conv(_pool(x, 3, 1, 1), weights, "pool proj")
    return np.concatenate([one, three, five, pooled], 1)


def _module(
    x,
    weights,
    *,
    relu=True,
    relu_inside=True,
    order=(0, 1, 2, 3),
    padding=True,
    pool=True,
    stride=1,
    padded_zero=False,
    squeezed=True,
):
    """The module, right by default; each setting is a way to get it wrong."""
    x = torch.from_numpy(x)
    weights = {name: torch.from_numpy(weight) for name, weight in weights.items()}

    def conv(x, name, rectified=True):
        if name not in weights:
            return x
        half = weights[name].shape[-1] // 2 if padding else 0
        y = F.conv2d(x, weights[name], padding=half)
        return y.relu() if rectified else y

    outputs = []
    for name, squeeze in (_BRANCHES[i] for i in order):
        branch = x
        if squeeze and squeezed:
            branch = conv(branch, squeeze, relu and relu_inside)
        if name == "pool proj" and pool:
            if padded_zero:
                branch = F.max_pool2d(F.pad(branch, (1, 1, 1, 1)), 3, stride)
            elif pool == "average":
                branch = F.avg_pool2d(branch, 3, stride, 1)
            else:
                branch = F.max_pool2d(branch, 3, stride, 1)
        outputs.append(conv(branch, name, relu))
    return torch.cat(outputs, 1).numpy()


def _or_none(**settings):
    """An oracle that has no result where its own would not fit together."""

    def oracle(x, weights):
        try:
            return _module(x, weights, **settings)
        except RuntimeError:
            return None

    return oracle


def _projected_first(x, weights):
    right = _inception(x, weights)
    if "pool proj" not in weights:
        return right
    projected = F.conv2d(torch.from_numpy(x), torch.from_numpy(weights["pool proj"])).relu()
    pooled = F.max_pool2d(projected, 3, stride=1, padding=1).numpy()
    return np.concatenate([right[:, : -pooled.shape[1]], pooled], 1)


def _cases_inception(draw):
    def weights(c, one, three, five, reduce3=0, reduce5=0, pool=0):
        found = {"1x1": draw.normal(one, c, 1, 1)}
        if reduce3:
            found["3x3 reduce"] = draw.normal(reduce3, c, 1, 1)
        found["3x3"] = draw.normal(three, reduce3 or c, 3, 3)
        if reduce5:
            found["5x5 reduce"] = draw.normal(reduce5, c, 1, 1)
        found["5x5"] = draw.normal(five, reduce5 or c, 5, 5)
        if pool:
            found["pool proj"] = draw.normal(pool, c, 1, 1)
        return found

    yield case(draw.normal(1, 2, 4, 5), weights(2, 1, 2, 3, 1, 2, 1))
    yield case(draw.normal(2, 3, 6, 5), weights(3, 2, 4, 1, 2, 3, 5))
    yield case(-np.abs(draw.normal(2, 3, 3, 4)), weights(3, 1, 2, 3))
    yield case(draw.normal(2, 1, 1, 1), weights(1, 2, 3, 1))
    yield case(draw.normal(1, 4, 5, 3), weights(4, 3, 1, 2, reduce3=2, pool=3))
    yield case(draw.normal(2, 2, 3, 6), weights(2, 2, 3, 1, reduce5=4))


inception = Task(
    "inception",
    _inception,
    cases=_cases_inception,
    lecture=LECTURE,
    section=INCEPTION,
    formula=_inception_read,
    torch=True,
    differentiable=True,
    misunderstandings=mistakes(
        INCEPTION,
        [
            (
                "a module without rectifiers",
                "A rectifier follows each convolution, also the ones that squeeze.",
                {"relu": False},
            ),
            (
                "a module without rectifiers behind its squeezes",
                "The squeezes are convolutions too: a rectifier follows each.",
                {"relu_inside": False},
            ),
            (
                "a module without its pooling",
                "The fourth branch pools 3 x 3 first; then comes its 1 x 1 convolution.",
                {"pool": False},
            ),
            (
                "a mean in place of the maximum",
                "The fourth branch takes the maximum of each window.",
                {"pool": "average"},
            ),
            (
                "a pooling padded by zeros",
                "Max pooling pads by minus infinity: a zero must not win over negative values.",
                {"padded_zero": True},
            ),
            (
                "a module that ignores its squeezes",
                "Where there is a reduction, the kernel behind it reads the reduced channels.",
                {"squeezed": False},
            ),
            (
                "the branches in another order: pooling first",
                "The order is 1x1, 3x3, 5x5, pooling: later layers count on it.",
                {"order": (3, 0, 1, 2)},
            ),
            (
                "the branches in another order: from large to small",
                "The order is 1x1, 3x3, 5x5, pooling: later layers count on it.",
                {"order": (2, 1, 0, 3)},
            ),
            (
                "a module without its pooling branch",
                "There are four branches; without a projection the pooled input stands as it is.",
                {"order": (0, 1, 2)},
            ),
        ],
        lambda settings: _or_none(**settings),
    )
    + mistakes(
        INCEPTION,
        [
            (
                "a projection before the pooling",
                "The fourth branch pools first and projects what is left.",
                _projected_first,
            )
        ],
    ),
)

# Reading a net


def _read_net(layers, input_shape):
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        with torch.device("meta"):
            if kind == "conv":
                out, k, stride, padding = sizes
                module = torch.nn.Conv2d(shape[0], out, k, stride, padding)
            elif kind == "max_pool":
                module = torch.nn.MaxPool2d(*sizes)
            elif kind == "global_mean":
                module = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
            else:
                flat = int(np.prod(shape))
                module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(flat, *sizes))
            shape = tuple(module(torch.empty(1, *shape)).shape[1:])
        found.append((shape, sum(p.numel() for p in module.parameters())))
    return found


def _read_net_read(layers, input_shape):
    shape, found = tuple(input_shape), []
    for kind, *sizes in layers:
        count = 0
        if kind == "conv":
            out, k, stride, padding = sizes
            count = out * (shape[0] * k * k + 1)
            shape = (out, *((n + 2 * padding - k) // stride + 1 for n in shape[1:]))
        elif kind == "max_pool":
            k, stride = sizes
            shape = (shape[0], *((n - k) // stride + 1 for n in shape[1:]))
        elif kind == "global_mean":
            shape = shape[:1]
        else:
            (out,) = sizes
            count = out * (math.prod(shape) + 1)
            shape = (out,)
        found.append((shape, count))
    return found


def _reading(
    conv=lambda c, o, k: o * (c * k * k + 1),
    linear=lambda n, o: o * (n + 1),
    size=lambda n, k, s, p: (n + 2 * p - k) // s + 1,
    flat=lambda c, h, w: c * h * w,
    pool=lambda k: 0,
):
    """An oracle from the formulas: parameters, sizes, shapes."""

    def oracle(layers, input_shape):
        shape, found = tuple(input_shape), []
        for kind, *sizes in layers:
            count = 0
            if kind == "conv":
                o, k, s, p = sizes
                count = conv(shape[0], o, k)
                shape = (o, *(size(n, k, s, p) for n in shape[1:]))
            elif kind == "max_pool":
                k, s = sizes
                count = pool(k)
                shape = (shape[0], *(size(n, k, s, 0) for n in shape[1:]))
            elif kind == "global_mean":
                shape = shape[:1]
            else:
                count = linear(flat(*shape) if len(shape) == 3 else shape[0], *sizes)
                shape = tuple(sizes)
            found.append((shape, count))
        return found

    return oracle


def _square(layers, input_shape):
    return _reading()(layers, (input_shape[0], input_shape[1], input_shape[1]))


def _cases_read_net(draw):
    yield case([("conv", 2, 3, 1, 0), ("max_pool", 2, 2), ("linear", 3)], (1, 6, 8))
    for _ in range(4):
        a, b, c, classes = draw.distinct(4, 3, 20)
        k, large = draw.choice(3, 5), draw.choice(7, 9)
        height, width = draw.distinct(2, 41, 60)
        channels = draw.choice(2, 3)
        yield case(
            [
                ("conv", a, large, 2, draw.integer(1, 3)),
                ("max_pool", 3, 2),
                ("conv", b, k, 1, k // 2),
                ("conv", c, 1, 1, 0),
                draw.choice(("global_mean",), ("max_pool", 2, 2)),
                ("linear", classes),
            ],
            (channels, height, width),
        )
    yield case([("linear", 4), ("linear", 3)], (2, 3, 5))


read_net = Task(
    "read_net",
    _read_net,
    cases=_cases_read_net,
    lecture=LECTURE,
    section=PLAN,
    formula=_read_net_read,
    misunderstandings=mistakes(
        PLAN,
        [
            (
                "a net without biases",
                "Each output channel, and each output of a linear layer, has a bias.",
                {"conv": lambda c, o, k: o * c * k * k, "linear": lambda n, o: o * n},
            ),
            (
                "kernels without input channels",
                "A kernel is as deep as its input.",
                {"conv": lambda c, o, k: o * (k * k + 1)},
            ),
            (
                "kernels of k weights for each channel",
                "A kernel has k * k weights for each channel of its input.",
                {"conv": lambda c, o, k: o * (c * k + 1)},
            ),
            (
                "sizes that ignore the padding",
                "Padding stands on both sides: H + 2p - k is what the window can move.",
                {"size": lambda n, k, s, p: (n - k) // s + 1},
            ),
            (
                "padding on one side",
                "Padding stands on both sides: H + 2p - k is what the window can move.",
                {"size": lambda n, k, s, p: (n + p - k) // s + 1},
            ),
            (
                "sizes rounded up",
                "The last window that does not fit is left out: floor.",
                {"size": lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1},
            ),
            (
                "sizes without the first window",
                "The window's first place counts too: + 1.",
                {"size": lambda n, k, s, p: (n + 2 * p - k) // s},
            ),
            (
                "the size divided by the stride",
                "A window of k pixels must fit: (H + 2p - k) // stride + 1.",
                {"size": lambda n, k, s, p: n // s},
            ),
            (
                "a linear layer on the channels alone",
                "Flattening puts all numbers of all maps behind one another: C * H * W.",
                {"flat": lambda c, h, w: c},
            ),
            (
                "pooling windows that are counted as weights",
                "A pooling learns nothing: 0 parameters.",
                {"pool": lambda k: k * k},
            ),
            (
                "the width copied from the height",
                "Height and width follow each from its own.",
                None,
            ),
        ],
        lambda change: _square if change is None else _reading(**change),
    ),
)


# A table with a wrong total


def _audit(rows):
    errors, total = [], 0
    for _, c, o, kernel_size, size, claimed in rows:
        layer = torch.nn.Conv2d(c, o, pair(kernel_size), bias=False, device="meta")
        right = layer.weight.numel() * size[0] * size[1]
        total += right
        errors.append(claimed - right)
    return errors, total


def _audit_read(rows):
    errors, total = [], 0
    for _, c, o, kernel_size, (H, W), claimed in rows:
        kH, kW = pair(kernel_size)
        right = c * o * kH * kW * H * W
        errors.append(claimed - right)
        total += right
    return errors, total


def _auditing(
    count=lambda c, o, h, w, H, W: c * o * h * w * H * W,
    error=lambda claimed, right: claimed - right,
    claimed_total=False,
):
    """An oracle from the count of a row, its error, and from what is added up."""

    def oracle(rows):
        errors, total = [], 0
        for _, c, o, kernel_size, size, claimed in rows:
            right = count(c, o, *pair(kernel_size), *size)
            total += claimed if claimed_total else right
            errors.append(error(claimed, right))
        return errors, total

    return oracle


def _cases_audit(draw):
    names = ["stem", "squeeze", "3x3", "5x5", "project", "head"]

    def table(count, errors):
        rows = []
        for name in names[:count]:
            c, o = draw.distinct(2, 2, 64)
            kernel = (draw.choice(1, 3, 5), draw.choice(1, 3, 7))
            size = tuple(draw.distinct(2, 5, 28))
            claimed = c * o * kernel[0] * kernel[1] * size[0] * size[1]
            rows.append([name, c, o, kernel, size, claimed])
        for place, change in errors.items():
            rows[place][-1] = int(rows[place][-1] * change) if change != 0 else rows[place][-1] + 1
        return [tuple(row) for row in rows]

    yield case([("a", 1, 2, 3, (4, 5), 360), ("b", 2, 3, 1, (4, 5), 100)])
    yield case(table(4, {2: 2}))
    yield case(table(6, {0: 0, 4: 3}))
    yield case(table(3, {}))
    yield case(table(5, {1: 0.5, 2: 0, 3: 2}))
    yield case([])


audit = Task(
    "audit",
    _audit,
    cases=_cases_audit,
    lecture=LECTURE,
    section=INCEPTION,
    names=("errors", "total"),
    formula=_audit_read,
    misunderstandings=mistakes(
        INCEPTION,
        [
            (
                "the total of the printed numbers",
                "The total is what the rows should have added up to: add your own counts.",
                {"claimed_total": True},
            ),
            (
                "errors of the other sign",
                "An error is what the table claims, less what is right.",
                {"error": lambda claimed, right: right - claimed},
            ),
            (
                "errors without their sign",
                "A table may claim too little: then the error is negative.",
                {"error": lambda claimed, right: abs(claimed - right)},
            ),
            (
                "errors that are never negative",
                "A table may claim too little: then the error is negative.",
                {"error": lambda claimed, right: max(claimed - right, 0)},
            ),
            (
                "a count of weights: each used once",
                "A weight is used at each place of the output: times H * W.",
                {"count": lambda c, o, h, w, H, W: c * o * h * w},
            ),
            (
                "a count without the input channels",
                "A kernel is as deep as its input.",
                {"count": lambda c, o, h, w, H, W: o * h * w * H * W},
            ),
            (
                "a square output",
                "The output has H rows and W columns: H * W places.",
                {"count": lambda c, o, h, w, H, W: c * o * h * w * H * H},
            ),
            (
                "a square kernel",
                "The kernel has kH rows and kW columns: kH * kW weights for each channel.",
                {"count": lambda c, o, h, w, H, W: c * o * h * h * H * W},
            ),
            (
                "operations, two for each multiply-add",
                "Asked for are multiply-adds: one multiplication with its addition.",
                {"count": lambda c, o, h, w, H, W: 2 * c * o * h * w * H * W},
            ),
            (
                "kernels of kH + kW weights",
                "A kernel has kH * kW weights for each channel.",
                {"count": lambda c, o, h, w, H, W: c * o * (h + w) * H * W},
            ),
            (
                "a count with biases",
                "A bias is no multiplication: multiply-adds leave it out.",
                {"count": lambda c, o, h, w, H, W: (c * h * w + 1) * o * H * W},
            ),
        ],
        lambda change: _auditing(**change),
    ),
)


light_stage = design_task("light_stage", LECTURE)
