"""What a right answer to the exercise on counting is, and what each wrong answer means.

What is right is computed by torch's own layers on the meta device, or by a formula; see
`course.checking`.
"""

from __future__ import annotations

import torch

from course.checking import Task, case, mistakes, pair, refuses

LECTURE = "04_counting"
PARAMETERS = "How many parameters?"
MEMORY = "How much memory does an output take?"
TRAINING = "What does training keep?"
OPERATIONS = "How many operations?"
BUDGET = "What a bottleneck saves"


# The parameters of a convolution


def _conv2d_parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    layer = torch.nn.Conv2d(
        in_channels, out_channels, kernel_size, groups=groups, bias=bias, device="meta"
    )
    return sum(parameter.numel() for parameter in layer.parameters())


def _conv2d_parameters_read(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kH, kW = pair(kernel_size)
    weights = out_channels * (in_channels // groups) * kH * kW
    biases = out_channels if bias else 0
    return weights + biases


def _parameters(formula):
    """An oracle from the sizes: in and out channels, kernel height and width, groups, bias."""

    def oracle(in_channels, out_channels, kernel_size, groups, bias):
        return int(formula(in_channels, out_channels, *pair(kernel_size), groups, int(bias)))

    return oracle


def _draw_conv2d_parameters(draw):
    yield case(1, 2, 3)
    low, high, kH, kW = draw.distinct(4, 2, 7)
    yield case(low + 3, high + 7, (kH, kW))
    yield case(high + 7, low + 3, kH, bias=False)
    groups = draw.integer(2, 3)
    yield case(groups * low, groups * high, (kH, kW), groups=groups)
    yield case(groups * high, groups * (low + 7), (kW, kH), groups=groups, bias=False)
    yield case(6 * low, 6 * low, kW, groups=6 * low)
    yield case(4 * low, 4 * high, 1, 4, True)


conv2d_parameters = Task(
    "conv2d_parameters",
    _conv2d_parameters,
    cases=_draw_conv2d_parameters,
    lecture=LECTURE,
    section=PARAMETERS,
    formula=_conv2d_parameters_read,
    misunderstandings=mistakes(
        PARAMETERS,
        [
            (
                "a count without the input channels",
                "A kernel is as deep as its input: this is the slides' formula, and it is wrong.",
                lambda i, o, h, w, g, b: o * h * w + b * o,
            ),
            (
                "the slides' formula: no input channels and no biases",
                "A kernel is as deep as its input, and each output channel has a bias.",
                lambda i, o, h, w, g, b: o * h * w,
            ),
            (
                "a count without the biases",
                "Each output channel has one bias, unless bias=False.",
                lambda i, o, h, w, g, b: o * i // g * h * w,
            ),
            (
                "a count with biases, whether there are any or not",
                "With bias=False there is none.",
                lambda i, o, h, w, g, b: o * i // g * h * w + o,
            ),
            (
                "a bias for each input channel",
                "A bias belongs to an output channel: there are out_channels of them.",
                lambda i, o, h, w, g, b: o * i // g * h * w + b * i,
            ),
            (
                "one bias for the whole layer",
                "Each output channel has a bias of its own.",
                lambda i, o, h, w, g, b: o * i // g * h * w + b,
            ),
            (
                "a bias for each pair of channels",
                "The sum over the input channels comes first; one bias is added to it.",
                lambda i, o, h, w, g, b: o * i // g * (h * w + b),
            ),
            (
                "a count without the groups",
                "A kernel sees in_channels / groups channels: those of its own group.",
                lambda i, o, h, w, g, b: o * i * h * w + b * o,
            ),
            (
                "a count that divides both channels by the groups",
                "All out_channels kernels exist; each is in_channels / groups deep.",
                lambda i, o, h, w, g, b: o // g * (i // g) * h * w + b * o,
            ),
            (
                "a count of one group alone",
                "There are `groups` such groups: out_channels kernels and biases in all.",
                lambda i, o, h, w, g, b: o // g * (i // g) * h * w + b * (o // g),
            ),
            (
                "a count that multiplies by the groups",
                "Groups make a layer cheaper: a kernel sees fewer channels, not more.",
                lambda i, o, h, w, g, b: o * i * g * h * w + b * o,
            ),
            (
                "a kernel whose width is taken for its height",
                "A kernel has kH * kW weights for each channel.",
                lambda i, o, h, w, g, b: o * i // g * w * w + b * o,
            ),
            (
                "a kernel whose height is taken for its width",
                "A kernel has kH * kW weights for each channel.",
                lambda i, o, h, w, g, b: o * i // g * h * h + b * o,
            ),
            (
                "a kernel with kH + kW weights for each channel",
                "A kernel of kH rows and kW columns has kH * kW weights for each channel.",
                lambda i, o, h, w, g, b: o * i // g * (h + w) + b * o,
            ),
        ],
        _parameters,
    ),
)

# The memory of a layer's outputs


def _activation_memory(
    in_size, out_channels, kernel_size, stride=1, padding=0, batch_size=1, itemsize=4
):
    layer = torch.nn.Conv2d(1, out_channels, kernel_size, stride, padding, device="meta")
    y = layer(torch.empty(batch_size, 1, *in_size, device="meta"))
    return (y.numel() + torch.relu(y).numel()) * itemsize


def _activation_memory_read(
    in_size, out_channels, kernel_size, stride=1, padding=0, batch_size=1, itemsize=4
):
    H, W = in_size
    H_out = (H + 2 * padding - kernel_size) // stride + 1
    W_out = (W + 2 * padding - kernel_size) // stride + 1
    convolution = batch_size * out_channels * H_out * W_out * itemsize
    rectifier = convolution
    return convolution + rectifier


def _memory(formula):
    """An oracle from (H, W of the output, H, W of the input, channels, batch, bytes)."""

    def oracle(in_size, out_channels, kernel_size, stride, padding, batch_size, itemsize):
        H, W = in_size
        out = [(n + 2 * padding - kernel_size) // stride + 1 for n in in_size]
        sizes = {"H": H, "W": W, "h": out[0], "w": out[1]}
        return int(
            formula(
                **sizes,
                c=out_channels,
                n=batch_size,
                b=itemsize,
                k=kernel_size,
                s=stride,
                p=padding,
            )
        )

    return oracle


def _draw_activation_memory(draw):
    yield case((4, 5), 2, 3)
    H, W, c, n, k = draw.distinct(5, 3, 9)
    yield case((3 * H, 3 * W), c + 10, k, batch_size=n)
    yield case((4 * H, 4 * W + 1), c + 10, k, stride=2, batch_size=n + 2, itemsize=2)
    yield case((5 * W, 5 * H), c + 20, 3, padding=2, batch_size=n)
    yield case((4 * W + 1, 4 * H), c + 10, 5, 3, 1, n + 1, 8)
    yield case((20, 31), c + 5, 4, 3, 2, 1, 4)
    yield case((10, 12), c, 7, padding=3)


activation_memory = Task(
    "activation_memory",
    _activation_memory,
    cases=_draw_activation_memory,
    lecture=LECTURE,
    section=MEMORY,
    formula=_activation_memory_read,
    misunderstandings=mistakes(
        MEMORY,
        [
            (
                "a count without the batch",
                "Every example of the batch has outputs of its own.",
                lambda h, w, c, b, **_: 2 * h * w * c * b,
            ),
            (
                "a count without the activation's output",
                "The rectifier writes an output of its own, as large as the convolution's.",
                lambda h, w, c, n, b, **_: h * w * c * n * b,
            ),
            (
                "the slides' formula: one example, without the activation",
                "In training there is a batch, and the rectifier has an output too.",
                lambda h, w, c, b, **_: h * w * c * b,
            ),
            (
                "a number of values instead of bytes",
                "Each value takes `itemsize` bytes.",
                lambda h, w, c, n, **_: 2 * h * w * c * n,
            ),
            (
                "a count of four bytes for each value, whatever its type",
                "Half precision takes two bytes, double precision eight: use `itemsize`.",
                lambda h, w, c, n, **_: 2 * h * w * c * n * 4,
            ),
            (
                "the size of the input in place of the output",
                "Compute the output's height and width first.",
                lambda H, W, c, n, b, **_: 2 * H * W * c * n * b,
            ),
            (
                "an output with its height for its width",
                "Height and width are computed each from its own size.",
                lambda h, c, n, b, **_: 2 * h * h * c * n * b,
            ),
            (
                "a stride that is ignored",
                "With stride s there are about 1/s as many rows and columns.",
                lambda H, W, c, n, b, k, p, **_: (
                    2 * (H + 2 * p - k + 1) * (W + 2 * p - k + 1) * c * n * b
                ),
            ),
            (
                "a padding that is ignored",
                "Padding enlarges the input on both sides.",
                lambda H, W, c, n, b, k, s, **_: (
                    2 * ((H - k) // s + 1) * ((W - k) // s + 1) * c * n * b
                ),
            ),
            (
                "a padding that is counted once",
                "Padding is on both sides: 2 * padding.",
                lambda H, W, c, n, b, k, s, p, **_: (
                    2 * ((H + p - k) // s + 1) * ((W + p - k) // s + 1) * c * n * b
                ),
            ),
            (
                "an output size without the + 1",
                "The first place of the window counts too.",
                lambda h, w, c, n, b, **_: 2 * (h - 1) * (w - 1) * c * n * b,
            ),
            (
                "an output size rounded up",
                "A last step that would carry the window over the border is not taken.",
                lambda H, W, c, n, b, k, s, p, **_: (
                    2 * (-(-(H + 2 * p - k) // s) + 1) * (-(-(W + 2 * p - k) // s) + 1) * c * n * b
                ),
            ),
            (
                "a count with the gradients of the outputs",
                "Asked for are the outputs; their gradients come and go in the backward pass.",
                lambda h, w, c, n, b, **_: 4 * h * w * c * n * b,
            ),
            (
                "one channel alone",
                "The output has out_channels planes.",
                lambda h, w, n, b, **_: 2 * h * w * n * b,
            ),
        ],
        _memory,
    ),
)

# The memory of training

COPIES = {"sgd": 0, "momentum": 1, "adam": 2}


def _training_memory(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
    return ((2 + COPIES[optimizer]) * parameters + batch_size * activations) * itemsize


def _draw_training_memory(draw):
    yield case(10, 3, 2)
    for optimizer, itemsize in [("momentum", 4), ("adam", 2), ("sgd", 8), ("adam", 4)]:
        parameters, activations = draw.distinct(2, 1000, 100_000)
        yield case(parameters, activations, draw.integer(3, 200), optimizer, itemsize)
    yield case(draw.integer(1000, 2000), draw.integer(3000, 4000), 1, optimizer="momentum")
    yield refuses(ValueError, 10, 3, 2, optimizer="newton")
    yield case(draw.integer(10**9, 2 * 10**9), 10**7, 256, "adam")  # more than 2**31 bytes


def _training(formula):
    """An oracle from (parameters, activations, batch, the optimiser's copies, bytes)."""

    def oracle(parameters, activations, batch_size, optimizer, itemsize):
        return formula(parameters, activations, batch_size, COPIES[optimizer], itemsize)

    return oracle


training_memory = Task(
    "training_memory",
    _training_memory,
    cases=_draw_training_memory,
    lecture=LECTURE,
    section=TRAINING,
    formula=_training_memory,
    misunderstandings=mistakes(
        TRAINING,
        [
            (
                "a count without the gradients",
                "Every weight has a gradient of the same size.",
                lambda p, a, n, c, b: ((1 + c) * p + n * a) * b,
            ),
            (
                "a count without the optimiser's state",
                "Momentum keeps one number for each weight, Adam two.",
                lambda p, a, n, c, b: (2 * p + n * a) * b,
            ),
            (
                "a count without the batch",
                "Each example of the batch keeps its own activations.",
                lambda p, a, n, c, b: ((2 + c) * p + a) * b,
            ),
            (
                "a batch of weights too",
                "The examples of a batch share the weights: there is one copy of them.",
                lambda p, a, n, c, b: n * ((2 + c) * p + a) * b,
            ),
            (
                "a count without the activations",
                "The backward pass needs what the forward pass kept, and it is often the most.",
                lambda p, a, n, c, b: (2 + c) * p * b,
            ),
            (
                "the weights and activations of using a net, not of training it",
                "Training also keeps gradients, and what the optimiser remembers.",
                lambda p, a, n, c, b: (p + n * a) * b,
            ),
            (
                "activations counted twice, with their gradients",
                "The gradients of the activations come and go during the backward pass.",
                lambda p, a, n, c, b: ((2 + c) * p + 2 * n * a) * b,
            ),
            (
                "a number of values instead of bytes",
                "Each value takes `itemsize` bytes.",
                lambda p, a, n, c, b: (2 + c) * p + n * a,
            ),
            (
                "a count of four bytes for each value, whatever its type",
                "Half precision takes two bytes, double precision eight: use `itemsize`.",
                lambda p, a, n, c, b: ((2 + c) * p + n * a) * 4,
            ),
            (
                "momentum's state for Adam",
                "Adam keeps two numbers for each weight: means of the gradient and of its square.",
                lambda p, a, n, c, b: ((2 + min(c, 1)) * p + n * a) * b,
            ),
            (
                "a state of the optimiser for plain SGD too",
                "Plain SGD remembers nothing from step to step.",
                lambda p, a, n, c, b: ((2 + max(c, 1)) * p + n * a) * b,
            ),
        ],
        _training,
    ),
)

# The operations of an inception module


def _inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    convolutions = [
        (in_channels, out_1x1, 1),
        (in_channels, reduce_3x3, 1),
        (reduce_3x3, out_3x3, 3),
        (in_channels, reduce_5x5, 1),
        (reduce_5x5, out_5x5, 5),
        (in_channels, pool_proj, 1),
    ]
    macs = 0
    for c_in, c_out, k in convolutions:
        layer = torch.nn.Conv2d(c_in, c_out, k, padding="same", bias=False, device="meta")
        macs += layer.weight.numel() * size * size
    return macs


def _inception_multiply_adds_read(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    branch_1x1 = in_channels * out_1x1
    branch_3x3 = in_channels * reduce_3x3 + 3 * 3 * reduce_3x3 * out_3x3
    branch_5x5 = in_channels * reduce_5x5 + 5 * 5 * reduce_5x5 * out_5x5
    branch_pool = in_channels * pool_proj
    return size * size * (branch_1x1 + branch_3x3 + branch_5x5 + branch_pool)


def _inception(formula):
    """An oracle from the channels: c in, o1, r3, o3, r5, o5, p, for a picture of s x s."""

    def oracle(in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj):
        names = ("c", "s", "o1", "r3", "o3", "r5", "o5", "p")
        sizes = (in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj)
        return formula(**dict(zip(names, sizes, strict=True)))

    return oracle


def _all_but(*left_out):
    def formula(c, s, o1, r3, o3, r5, o5, p):
        parts = {
            "1x1": c * o1,
            "reduce": c * r3 + c * r5,
            "3x3": 9 * r3 * o3,
            "5x5": 25 * r5 * o5,
            "pool": c * p,
        }
        return s * s * sum(value for name, value in parts.items() if name not in left_out)

    return formula


def _draw_inception(draw):
    yield case(4, 3, 1, 2, 3, 1, 2, 1)
    for _ in range(4):
        sizes = draw.distinct(6, 8, 64)
        yield case(draw.integer(65, 200), draw.integer(7, 28), *sizes)
    yield case(*draw.distinct(2, 20, 40), *draw.distinct(6, 2, 19))
    yield case(*draw.distinct(2, 700, 900), *draw.distinct(6, 8, 64))  # more than 2**31


inception_multiply_adds = Task(
    "inception_multiply_adds",
    _inception_multiply_adds,
    cases=_draw_inception,
    lecture=LECTURE,
    section=OPERATIONS,
    formula=_inception_multiply_adds_read,
    misunderstandings=mistakes(
        OPERATIONS,
        [
            (
                "a module without its 1 x 1 reductions",
                "The bottlenecks are convolutions too, and cost something.",
                _all_but("reduce"),
                BUDGET,
            ),
            (
                "a module without its 1 x 1 branch",
                "There are four branches; the first is a 1 x 1 convolution.",
                _all_but("1x1"),
            ),
            (
                "a module without the projection after its pooling",
                "Pooling keeps all channels: the 1 x 1 convolution after it cuts them down.",
                _all_but("pool"),
            ),
            (
                "a module whose 5 x 5 branch is left out",
                "There are four branches: 1 x 1, 3 x 3, 5 x 5 and the pooling's projection.",
                _all_but("5x5"),
            ),
            (
                "the naive module: 3 x 3 and 5 x 5 on all input channels",
                "The 3 x 3 and the 5 x 5 convolution read what the reductions before them give.",
                lambda c, s, o1, r3, o3, r5, o5, p: (
                    s * s * (c * o1 + 9 * c * o3 + 25 * c * o5 + c * p)
                ),
                BUDGET,
            ),
            (
                "the naive module, with the reductions beside it",
                "The 3 x 3 and the 5 x 5 convolution read what the reductions before them give.",
                lambda c, s, o1, r3, o3, r5, o5, p: (
                    s * s * (c * (o1 + r3 + r5) + 9 * c * o3 + 25 * c * o5 + c * p)
                ),
                BUDGET,
            ),
            (
                "the weights: every one is used once",
                "A weight is used at each of the size * size places.",
                lambda c, s, o1, r3, o3, r5, o5, p: (
                    c * (o1 + r3 + r5 + p) + 9 * r3 * o3 + 25 * r5 * o5
                ),
            ),
            (
                "a picture of `size` pixels",
                "The picture has size * size pixels.",
                lambda s, **sizes: _all_but()(s=s, **sizes) // s,
            ),
            (
                "operations, two for each multiply-add",
                "Asked for are multiply-adds: one multiplication with its addition.",
                lambda **sizes: 2 * _all_but()(**sizes),
            ),
            (
                "kernels of 3 and 5 weights",
                "A 3 x 3 kernel has 9 weights for each channel, a 5 x 5 kernel 25.",
                lambda c, s, o1, r3, o3, r5, o5, p: (
                    s * s * (c * (o1 + r3 + r5 + p) + 3 * r3 * o3 + 5 * r5 * o5)
                ),
            ),
            (
                "a sum over output channels, without the input's",
                "Each output is a sum over all input channels of its convolution.",
                lambda c, s, o1, r3, o3, r5, o5, p: s * s * (o1 + r3 + r5 + p + 9 * o3 + 25 * o5),
            ),
            (
                "the 3 x 3 convolution counted twice",
                "This is how the slides come to 358 M: each convolution counts once.",
                lambda c, s, o1, r3, o3, r5, o5, p: (
                    _all_but()(c, s, o1, r3, o3, r5, o5, p) + s * s * 9 * r3 * o3
                ),
            ),
            (
                "a picture that shrinks by each kernel",
                "All branches are padded, so that their outputs can be put behind one another.",
                lambda c, s, o1, r3, o3, r5, o5, p: (
                    s * s * c * (o1 + r3 + r5 + p)
                    + (s - 2) ** 2 * 9 * r3 * o3
                    + (s - 4) ** 2 * 25 * r5 * o5
                ),
            ),
        ],
        _inception,
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


def _draw_bottleneck(draw):
    yield case(4, 2, 3, 2, 600)
    for _ in range(4):
        c, o = draw.distinct(2, 16, 256)
        k, s = draw.choice(3, 5), draw.integer(7, 28)
        one = s * s * (c + k * k * o)
        # A little under a whole number of channels: rounding must go down.
        yield case(c, o, k, s, draw.integer(5, 40) * one + one - draw.integer(1, 9))
    c, o = draw.distinct(2, 16, 64)
    yield case(c, o, 3, 5, 12 * 25 * (c + 9 * o))
    yield case(c, o, 3, 5, 25 * (c + 9 * o))
    yield refuses(ValueError, c, o, 3, 5, 25 * (c + 9 * o) - 1)
    yield case(c, o, 3, 300, 10**9 * draw.integer(3, 9))  # more than 2**31


bottleneck_channels = Task(
    "bottleneck_channels",
    _bottleneck_channels,
    cases=_draw_bottleneck,
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
                "the kernel in the 1 x 1 convolution",
                "The reduction is 1 x 1; the k x k kernel comes after it.",
                lambda c, o, k, s, b: b // (s * s * (k * k * c + o)),
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
