"""What a right answer to the exercise on residual networks is, and what each wrong answer means.

What is right is computed by torch.nn.functional and torch.autograd; see `course.checking`.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes
from course.checking.by_property import PropertyTask
from course.residual import plots
from course.residual.design import design_task
from course.residual.plots import show_plots

__all__ = [
    "PreActivationBlock",
    "impossible_plot",
    "layers_by_stage",
    "projection_shortcut",
    "residual_block",
    "residual_block_backward",
    "show_plots",
    "trainable_net",
]

LECTURE = "05_residual"
SHORTCUT = "The shortcut"
SHAPES = "When the shape changes"
GRADIENT = "Where the gradient goes"
ORDER = "Before or after the activation"
COUNTING = "Counting to fifty"
OVERFITTING = "It is not overfitting"
VANISH = "Do the gradients vanish?"


def _tensors(*arrays):
    return [torch.from_numpy(array.copy()) for array in arrays]


def _conv(x, weight):
    """A convolution that keeps the size, as every one in a block."""
    return F.conv2d(x, weight, padding=(weight.shape[2] // 2, weight.shape[3] // 2))


def _branch(x, weight1, weight2):
    return _conv(F.relu(_conv(x, weight1)), weight2)


# The block


def _forward(formula):
    """An oracle from a formula in tensors."""

    def oracle(x, weight1, weight2):
        return formula(*_tensors(x, weight1, weight2)).numpy()

    return oracle


_residual_block = _forward(lambda x, a, b: F.relu(_branch(x, a, b) + x))


def _residual_block_read(x, weight1, weight2):
    x, weight1, weight2 = _tensors(x, weight1, weight2)
    hidden = F.relu(_conv(x, weight1))
    y = F.relu(_conv(hidden, weight2) + x)
    return y.numpy()


def _block(draw, N, C, H, W, middle=None, kernel=(3, 3), dtype="float64"):
    middle = middle or C
    return (
        draw.normal(N, C, H, W, dtype=dtype),
        draw.normal(middle, C, *kernel, dtype=dtype),
        draw.normal(C, middle, *kernel, dtype=dtype),
    )


def _cases_residual_block(draw):
    yield case(draw.normal(1, 1, 2, 3), draw.normal(1, 1, 1, 1), draw.normal(1, 1, 1, 1))
    N, C, H, W = draw.distinct(4, 2, 6)
    yield case(*_block(draw, N, C, H, W))
    yield case(*_block(draw, N, C, W, H, middle=C + 2))
    yield case(*_block(draw, 2, 3, 5, 7, middle=2, kernel=(3, 1)))
    yield case(*_block(draw, 2, 3, 1, 1))
    yield case(*_block(draw, 3, 2, H, W, kernel=(1, 3), dtype="float32"))


residual_block = Task(
    "residual_block",
    _residual_block,
    cases=_cases_residual_block,
    lecture=LECTURE,
    section=SHORTCUT,
    formula=_residual_block_read,
    misunderstandings=mistakes(
        SHORTCUT,
        [
            (
                "a plain block: there is no shortcut",
                "Add x to what the two convolutions give.",
                lambda x, a, b: F.relu(_branch(x, a, b)),
            ),
            (
                "a shortcut that is added after the activation",
                "The sum comes first, then its rectifier: relu(F + x).",
                lambda x, a, b: F.relu(_branch(x, a, b)) + x,
                ORDER,
            ),
            (
                "a block without its last rectifier",
                "The sum F + x goes through a rectifier.",
                lambda x, a, b: _branch(x, a, b) + x,
            ),
            (
                "a block without the rectifier between its convolutions",
                "Two convolutions in a row are one: the rectifier between them makes two of them.",
                lambda x, a, b: F.relu(_conv(_conv(x, a), b) + x),
            ),
            (
                "a block without rectifiers",
                "There is one between the convolutions and one after the sum.",
                lambda x, a, b: _conv(_conv(x, a), b) + x,
            ),
            (
                "a block that rectifies both ends and not the middle",
                "The rectifiers stand between the convolutions and after the sum.",
                lambda x, a, b: F.relu(_conv(_conv(F.relu(x), a), b) + x),
            ),
            (
                "a shortcut that is subtracted",
                "The block learns F = H - x, so that H = F + x: add.",
                lambda x, a, b: F.relu(_branch(x, a, b) - x),
            ),
            (
                "a shortcut that is multiplied",
                "Both ways are added.",
                lambda x, a, b: F.relu(_branch(x, a, b) * x),
            ),
            (
                "a shortcut added twice",
                "x is added once, after the second convolution.",
                lambda x, a, b: F.relu(_branch(x, a, b) + 2 * x),
            ),
            (
                "a shortcut around the second convolution alone",
                "The shortcut carries x, the input of the block, past both convolutions.",
                lambda x, a, b: F.relu(_branch(x, a, b) + F.relu(_conv(x, a))),
            ),
            (
                "a shortcut that joins after the first convolution",
                "x is added after the second convolution.",
                lambda x, a, b: F.relu(_conv(F.relu(_conv(x, a) + x), b)),
            ),
            (
                "a block with a rectifier on each convolution, before the sum",
                "What the second convolution gives is added as it is, negative or not.",
                lambda x, a, b: F.relu(F.relu(_branch(x, a, b)) + x),
            ),
            (
                "a pre-activated block",
                "Here the rectifiers come after: conv, relu, conv, add, relu.",
                lambda x, a, b: _conv(F.relu(_conv(F.relu(x), a)), b) + x,
                ORDER,
            ),
        ],
        _forward,
    ),
)

# The shortcut with a projection


def _shortcut(formula):
    def oracle(x, weight, stride):
        return np.ascontiguousarray(formula(x, weight, stride))

    return oracle


def _projection_shortcut(x, weight, stride=1):
    x, weight = _tensors(x, weight)
    return F.conv2d(x, weight[:, :, None, None], stride=stride).numpy()


def _projection_shortcut_read(x, weight, stride=1):
    H, W = x.shape[2:]
    p = np.zeros((len(x), len(weight), math.ceil(H / stride), math.ceil(W / stride)))
    for i, j in np.ndindex(*p.shape[2:]):
        p[:, :, i, j] = x[:, :, i * stride, j * stride] @ weight.T
    return p


def _project(x, weight):
    return np.einsum("oc,ncij->noij", weight, x)


def _size(x, s):
    return [-(-n // s) for n in x.shape[2:]]


def _mean_pooled(x, s):
    H, W = (n // s * s for n in x.shape[2:])
    blocks = x[:, :, :H, :W].reshape(*x.shape[:2], H // s, s, W // s, s)
    return blocks.mean(axis=(3, 5))


def _max_pooled(x, s):
    H, W = (n // s * s for n in x.shape[2:])
    blocks = x[:, :, :H, :W].reshape(*x.shape[:2], H // s, s, W // s, s)
    return blocks.max(axis=(3, 5))


def _cases_projection_shortcut(draw):
    yield case(draw.normal(1, 2, 4, 6), draw.normal(2, 2), stride=2)
    N, C, O, s = draw.distinct(4, 2, 5)  # noqa: E741
    yield case(draw.normal(N, C, 4 * s, 3 * s), draw.normal(O, C), s)
    yield case(draw.normal(N, O, 7, 5), draw.normal(O, O), stride=2)
    yield case(draw.normal(N, C, 3, 4), draw.normal(O, C))
    yield case(draw.normal(2, 1, 1, 3), draw.normal(1, 1))
    yield case(draw.normal(2, 3, 4, 1), draw.normal(2, 3))
    yield case(
        draw.normal(N, C, 5, 8, dtype="float32"), draw.normal(O, C, dtype="float32"), stride=3
    )


projection_shortcut = Task(
    "projection_shortcut",
    _projection_shortcut,
    cases=_cases_projection_shortcut,
    lecture=LECTURE,
    section=SHAPES,
    formula=_projection_shortcut_read,
    misunderstandings=mistakes(
        SHAPES,
        [
            (
                "a stride that begins with the second pixel",
                "The first window begins at pixel 0.",
                lambda x, w, s: _project(x, w)[:, :, s - 1 :: s, s - 1 :: s],
            ),
            (
                "a stride for rows only",
                "Rows and columns both move by the stride.",
                lambda x, w, s: _project(x, w)[:, :, ::s],
            ),
            (
                "a stride for columns only",
                "Rows and columns both move by the stride.",
                lambda x, w, s: _project(x, w)[:, :, :, ::s],
            ),
            (
                "the upper left corner in place of every stride-th pixel",
                "The stride is a step through the whole picture.",
                lambda x, w, s: _project(x, w)[:, :, : _size(x, s)[0], : _size(x, s)[1]],
            ),
            (
                "a mean of each block in place of its first pixel",
                "A 1 x 1 convolution reads one pixel of each block: the first.",
                lambda x, w, s: _project(_mean_pooled(x, s), w),
            ),
            (
                "a maximum of each block in place of its first pixel",
                "A 1 x 1 convolution reads one pixel of each block: the first.",
                lambda x, w, s: _project(_max_pooled(x, s), w),
            ),
            (
                "an input padded with channels of zeros, without the projection",
                "That is the shortcut without parameters; here the weight mixes the channels.",
                lambda x, w, s: np.pad(x, ((0, 0), (0, len(w) - x.shape[1]), (0, 0), (0, 0)))[
                    :, :, ::s, ::s
                ],
            ),
            (
                "a result without its last row and column",
                "ceil(H / stride) rows are read: the last one too.",
                lambda x, w, s: _project(x, w)[:, :, ::s, ::s][:, :, :-1, :-1],
            ),
            (
                "an output that is cut to whole blocks",
                "A last block that is not full still has its first pixel: ceil, not floor.",
                lambda x, w, s: _project(x, w)[:, :, ::s, ::s][
                    :, :, : x.shape[2] // s, : x.shape[3] // s
                ],
            ),
        ],
        _shortcut,
    ),
)

# Its gradient


def _residual_block_backward(grad_output, x, weight1, weight2):
    x, a, b = (tensor.requires_grad_() for tensor in _tensors(x, weight1, weight2))
    y = F.relu(_branch(x, a, b) + x)
    return tuple(g.numpy() for g in torch.autograd.grad(y, (x, a, b), *_tensors(grad_output)))


def _backward(change):
    """An oracle: the gradients, computed step by step, with one step changed.

    `change` gets a dict of the masks and factors, and alters it: `last` and `middle` are where
    the rectifiers let pass, `through` and `past` what goes into the branch and the shortcut.
    """

    def oracle(grad_output, x, weight1, weight2):
        g, x, a, b = _tensors(grad_output, x, weight1, weight2)
        hidden = _conv(x, a)
        step = {
            "last": _branch(x, a, b) + x > 0,
            "middle": hidden > 0,
            "hidden": F.relu(hidden),
            "raw": hidden,
        }
        change(step)
        g_sum = g * step["last"]
        past = step.get("past", g_sum)
        g_hidden, g_b = _conv_backward(step.get("through", g_sum), step["hidden"], b)
        g_x, g_a = _conv_backward(g_hidden * step["middle"], x, a)
        result = [step.get("branch", 1) * g_x + past, g_a, g_b]
        return tuple(part.numpy() for part in step.get("result", lambda *r: r)(*result))

    return oracle


def _residual_block_backward_read(grad_output, x, weight1, weight2):
    grad_y, x, weight1, weight2 = _tensors(grad_output, x, weight1, weight2)
    before = _conv(x, weight1)
    hidden = F.relu(before)
    total = _conv(hidden, weight2) + x
    grad_total = grad_y * (total > 0)
    grad_hidden, grad_weight2 = _conv_backward(grad_total, hidden, weight2)
    grad_before = grad_hidden * (before > 0)
    grad_branch, grad_weight1 = _conv_backward(grad_before, x, weight1)
    grad_x = grad_branch + grad_total
    return grad_x.numpy(), grad_weight1.numpy(), grad_weight2.numpy()


def _conv_backward(g, x, weight):
    padding = (weight.shape[2] // 2, weight.shape[3] // 2)
    return (
        torch.nn.grad.conv2d_input(x.shape, weight, g, padding=padding),
        torch.nn.grad.conv2d_weight(x, weight.shape, g, padding=padding),
    )


def _unmasked_past(formula):
    """Change how the last mask is used: `formula` from (gradient, mask) to (through, past)."""

    def oracle(grad_output, x, weight1, weight2):
        g, tx, a, b = _tensors(grad_output, x, weight1, weight2)
        mask = _branch(tx, a, b) + tx > 0
        through, past = formula(g, mask)
        return _backward(lambda step: step.update(through=through, past=past))(
            grad_output, x, weight1, weight2
        )

    return oracle


def _cases_residual_block_backward(draw):
    yield case(*(draw.normal(1, 1, *size) for size in [(2, 3), (2, 3), (1, 1), (1, 1)]))
    N, C, H, W = draw.distinct(4, 2, 6)
    for middle, kernel, dtype in [
        (C, (3, 3), "float64"),
        (C + 1, (3, 1), "float64"),
        (C + 3, (1, 3), "float64"),
        (C, (3, 3), "float32"),
    ]:
        x, a, b = _block(draw, N, C, H, W, middle, kernel, dtype)
        yield case(draw.normal(*x.shape, dtype=dtype), x, a, b)
    x, a, b = _block(draw, 2, 3, 1, 1)
    yield case(draw.normal(*x.shape), x, a, b)
    # Both rectifiers get exact zeros: they let nothing back there.
    x, a, b = _block(draw, 2, 2, 3, 4)
    yield case(draw.normal(*x.shape), np.maximum(x, 0), 0 * a, b)


residual_block_backward = Task(
    "residual_block_backward",
    _residual_block_backward,
    cases=_cases_residual_block_backward,
    lecture=LECTURE,
    section=GRADIENT,
    names=["grad_x", "grad_weight1", "grad_weight2"],
    formula=_residual_block_backward_read,
    misunderstandings=[
        *mistakes(
            GRADIENT,
            [
                (
                    "a gradient through the convolutions alone",
                    "x reaches the output on two ways: add what comes back past the convolutions.",
                    lambda g, m: (g * m, 0 * g),
                ),
                (
                    "a gradient without the last rectifier",
                    "Where the last rectifier put out zero, no gradient comes back.",
                    lambda g, m: (g, g),
                ),
                (
                    "a shortcut that the last rectifier does not stop",
                    "The sum goes through the rectifier: it stops both ways.",
                    lambda g, m: (g * m, g),
                ),
                (
                    "a branch that the last rectifier does not stop",
                    "The sum goes through the rectifier: it stops both ways.",
                    lambda g, m: (g, g * m),
                ),
                (
                    "a gradient that comes back twice past the convolutions",
                    "The shortcut adds the gradient of the sum once.",
                    lambda g, m: (g * m, 2 * g * m),
                ),
                (
                    "a gradient where the last rectifier was closed",
                    "The gradient passes where the sum was positive.",
                    lambda g, m: (g * ~m, g * ~m),
                ),
                (
                    "a shortcut subtracted on the way back",
                    "The derivative of F + x by x is F' + 1: add.",
                    lambda g, m: (g * m, -g * m),
                ),
            ],
            _unmasked_past,
        ),
        *mistakes(
            GRADIENT,
            [
                (
                    "a gradient past the convolutions alone",
                    "The gradient through the two convolutions comes on top.",
                    lambda step: step.update(branch=0),
                ),
                (
                    "a gradient without the rectifier between the convolutions",
                    "Where it put out zero, nothing comes back to the first convolution.",
                    lambda step: step.update(middle=torch.ones_like(step["middle"])),
                ),
                (
                    "a gradient of weight2 from what the middle rectifier got, not what it gave",
                    "The second convolution read the rectified values.",
                    lambda step: step.update(hidden=step["raw"]),
                ),
                (
                    "gradients of the weights without the batch's sum: a mean",
                    "The examples' gradients add up.",
                    lambda step: step.update(
                        result=lambda gx, ga, gb: (gx, ga / len(gx), gb / len(gx))
                    ),
                ),
                (
                    "gradients of the two weights in each other's place",
                    "Give them back in the order x, weight1, weight2.",
                    lambda step: step.update(result=lambda gx, ga, gb: (gx, gb, ga)),
                ),
            ],
            _backward,
        ),
    ],
)

# A pre-activated block, as a module


class _Parts:
    """The layers of a block as functions, with the case's parameters; `changes` is of the shape."""

    def __init__(self, in_channels, out_channels, stride, parameters):
        self.stride, self.out_channels, self.training = stride, out_channels, True
        self.running, self.updated = {}, set()
        self.changes = stride != 1 or in_channels != out_channels
        self.parameters = {name: torch.from_numpy(p.copy()) for name, p in parameters.items()}

    def norm1(self, x):
        return self._norm(x, "norm1")

    def norm2(self, x):
        return self._norm(x, "norm2")

    def _norm(self, x, name):
        weight, bias = (self.parameters[f"{name}.{part}"] for part in ("weight", "bias"))
        start = torch.zeros_like(weight), torch.ones_like(weight)
        mean, variance = self.running.setdefault(name, start)
        if name in self.updated:  # a formula may compute a part twice; a batch counts once
            mean, variance = mean.clone(), variance.clone()
        self.updated.add(name)
        return F.batch_norm(x, mean, variance, weight, bias, training=self.training)

    def conv1(self, x, stride=None):
        stride = self.stride if stride is None else stride
        return F.conv2d(x, self.parameters["conv1.weight"], stride=stride, padding=1)

    def conv2(self, x, stride=1):
        return F.conv2d(x, self.parameters["conv2.weight"], stride=stride, padding=1)

    def carried(self, x, source):
        """x where the shape stays, else the projection of `source`."""
        if not self.changes:
            return x
        return F.conv2d(source, self.parameters["shortcut.weight"], stride=self.stride)

    def active(self, x):
        """What the first convolution gets."""
        return F.relu(self.norm1(x))

    def branch(self, x):
        """All but the shortcut."""
        return self.conv2(F.relu(self.norm2(self.conv1(self.active(x)))))

    def shortcut(self, x):
        return self.carried(x, self.active(x))


def _module(formula):
    """An oracle from a formula in the input and a block's `_Parts`."""

    def oracle(x, in_channels, out_channels, stride, parameters, seen=()):
        parts = _Parts(in_channels, out_channels, stride, parameters)
        for batch in seen:
            formula(torch.from_numpy(batch.copy()), parts)
            parts.updated.clear()
        parts.training = not seen
        return formula(torch.from_numpy(x.copy()), parts).numpy()

    return oracle


_pre_activation_block = _module(lambda x, b: b.branch(x) + b.shortcut(x))


def _behind(x, b):
    """The branch of a post-activated block."""
    return b.norm2(b.conv2(F.relu(b.norm1(b.conv1(x)))))


def _changed(x, b, sign=1, turned=False, frozen=False, **missing):
    """A block without some steps, or with norm and rectifier in each other's place."""
    b.training = b.training and not frozen
    steps = {"norm1": b.norm1, "relu1": F.relu, "norm2": b.norm2, "relu2": F.relu}
    steps |= dict.fromkeys(missing, lambda t: t)
    order = ("relu", "norm") if turned else ("norm", "relu")

    def before(t, number):
        for step in order:
            t = steps[f"{step}{number}"](t)
        return t

    active = before(x, 1)
    y = b.conv2(before(b.conv1(active), 2))
    return y + sign * b.carried(x, active)


def _always_training(x, b):
    b.training = True
    return b.branch(x) + b.shortcut(x)


def _without_scale_and_shift(x, b):
    b.training = True  # F.batch_norm without running statistics takes the batch's
    for name, parameter in b.parameters.items():
        if name.startswith("norm"):
            parameter.fill_(name.endswith("weight"))
    return b.branch(x) + b.shortcut(x)


def _instance(block, in_channels, out_channels, stride, parameters, seen=()):
    """An instance of the student's class with the case's parameters in it.

    Where it has `seen` batches in training, it is in evaluation mode afterwards.
    """
    instance = block(in_channels, out_channels, *[stride] * (stride != 1))
    if instance is None or not hasattr(instance, "named_parameters"):
        raise TypeError("a PreActivationBlock must be a torch.nn.Module")
    found = {name: tuple(p.shape) for name, p in instance.named_parameters()}
    needed = {name: tuple(p.shape) for name, p in parameters.items()}
    for name in found:
        if name not in needed:
            raise ValueError(f"the block has a parameter {name}, which it should not have here")
    for name, shape in needed.items():
        # Without a projection the block still computes something, which the values will tell.
        if name not in found and name != "shortcut.weight":
            raise ValueError(f"the block has no parameter {name}")
        if found.get(name, shape) != shape:
            raise ValueError(f"{name} has shape {found[name]}, expected {shape}")
    for name, parameter in instance.named_parameters():
        if not getattr(parameter, "requires_grad", True):
            raise ValueError(f"{name} is not trained: its requires_grad is False")
    instance = instance.to(parameters["conv1.weight"])  # its device and its dtype
    instance.load_state_dict(parameters, strict=False)
    # Another block, with parameters of its own, changes nothing here.
    other = block(in_channels, out_channels, *[stride] * (stride != 1))
    other.load_state_dict({name: p * 0 for name, p in parameters.items()}, strict=False)
    for batch in seen:
        instance(batch)
    if seen:
        instance.eval()
    return instance


def _module_case(draw, x, out_channels, stride=1, **seen):
    dtype, in_channels = x.dtype, x.shape[1]
    shapes = {
        "norm1.weight": (in_channels,),
        "norm1.bias": (in_channels,),
        "conv1.weight": (out_channels, in_channels, 3, 3),
        "norm2.weight": (out_channels,),
        "norm2.bias": (out_channels,),
        "conv2.weight": (out_channels, out_channels, 3, 3),
    }
    if stride != 1 or out_channels != in_channels:
        shapes["shortcut.weight"] = (out_channels, in_channels, 1, 1)
    return case(
        x,
        in_channels=in_channels,
        out_channels=out_channels,
        stride=stride,
        parameters={name: draw.normal(*shape, dtype=dtype) for name, shape in shapes.items()},
        **seen,
    )


def _cases_pre_activation_block(draw):
    N, C, H, W = draw.distinct(4, 2, 6)
    yield _module_case(draw, draw.normal(N, C, H, W), C)
    yield _module_case(draw, draw.normal(N, C, H + 2, W + 3), C + 2, stride=2)
    yield _module_case(draw, draw.normal(2, C, 5, 7), C, stride=2)
    yield _module_case(draw, draw.normal(N, C + 1, W, H), C)
    yield _module_case(draw, draw.normal(3, C, H, W, dtype="float32"), C)
    yield _module_case(draw, draw.normal(2, 2, 7, 10), 3, stride=3)
    yield _module_case(draw, draw.normal(4, 1, 1, 1), 1)
    # In evaluation mode, after one batch and after two.
    for count, stride in [(1, 1), (2, 2)]:
        seen = [2 * draw.normal(N, C, H, W) + 1 for _ in range(count)]
        yield _module_case(draw, draw.normal(1, C, H, W), C, stride, seen=seen)


PreActivationBlock = Task(
    "PreActivationBlock",
    _pre_activation_block,
    cases=_cases_pre_activation_block,
    lecture=LECTURE,
    section=ORDER,
    torch=True,
    differentiable=True,
    prepare=_instance,
    misunderstandings=mistakes(
        ORDER,
        [
            (
                "a post-activated block",
                "Pre-activation: norm and rectifier stand before each convolution.",
                lambda x, b: F.relu(_behind(x, b) + b.carried(x, x)),
            ),
            (
                "a block with norm and rectifier after each convolution",
                "Norm and rectifier stand before each convolution; after the last comes the sum.",
                lambda x, b: F.relu(_behind(x, b)) + b.carried(x, x),
            ),
            (
                "a block without its shortcut",
                "Add x to what the second convolution gives.",
                lambda x, b: b.branch(x),
            ),
            (
                "a block with a shortcut only where the shapes agree",
                "Where the shape changes a projection brings the shortcut into shape.",
                lambda x, b: b.branch(x) if b.changes else b.branch(x) + x,
                SHAPES,
            ),
            (
                "a shortcut that fills up with zero channels",
                "Asked for is a projection: a 1 x 1 convolution with the block's stride.",
                lambda x, b: (
                    b.branch(x)
                    + F.pad(
                        x[:, :, :: b.stride, :: b.stride],
                        (0, 0, 0, 0, 0, b.out_channels - x.shape[1]),
                    )
                ),
                SHAPES,
            ),
            (
                "a projection of x itself",
                "Where the shape changes, the shortcut projects the activated input.",
                lambda x, b: b.branch(x) + b.carried(x, x),
            ),
            (
                "a stride in the second convolution",
                "The first convolution takes the stride: the second then has less to do.",
                lambda x, b: (
                    b.conv2(F.relu(b.norm2(b.conv1(b.active(x), stride=1))), stride=b.stride)
                    + b.shortcut(x)
                ),
                SHAPES,
            ),
            (
                "a shortcut that carries the activated input",
                "Where the shape stays, the shortcut carries x itself, untouched.",
                lambda x, b: b.branch(x) + b.carried(b.active(x), b.active(x)),
            ),
            (
                "a rectifier after the sum",
                "Nothing stands after the sum: the way from block to block is free.",
                lambda x, b: F.relu(b.branch(x) + b.shortcut(x)),
            ),
            (
                "batch norms that use the batch's statistics in evaluation mode too",
                "After block.eval() a batch norm uses the running mean and variance that it kept "
                "in training; nn.BatchNorm2d does it.",
                _always_training,
            ),
            (
                "a block whose layers belong to another one, too",
                "Make the layers in __init__: two blocks share nothing.",
                lambda x, b: b.shortcut(x) * (not b.changes),
            ),
            (
                "batch norms without their scale and shift",
                "Let the layers norm1 and norm2 do it: they have a weight and a bias.",
                _without_scale_and_shift,
            ),
            *(
                (name, says, lambda x, b, change=change: _changed(x, b, **change))
                for name, says, change in [
                    (
                        "a block without batch norm",
                        "Each rectifier has a batch norm before it.",
                        {"norm1": None, "norm2": None},
                    ),
                    (
                        "a block whose first batch norm is missing",
                        "The input is normalised too, before the first rectifier.",
                        {"norm1": None},
                    ),
                    (
                        "a block whose second batch norm is missing",
                        "There is a batch norm before each of the two rectifiers.",
                        {"norm2": None},
                    ),
                    (
                        "a block whose batch norms do not use the batch's statistics",
                        "In training mode a batch norm takes mean and variance from its batch.",
                        {"frozen": True},
                    ),
                    (
                        "a block without rectifiers",
                        "Each convolution has a rectifier before it.",
                        {"relu1": None, "relu2": None},
                    ),
                    (
                        "a block whose first rectifier is missing",
                        "Each convolution has a rectifier before it.",
                        {"relu1": None},
                    ),
                    (
                        "a block whose second rectifier is missing",
                        "Each convolution has a rectifier before it.",
                        {"relu2": None},
                    ),
                    (
                        "a block with its rectifiers before the norms",
                        "Norm first, then rectifier.",
                        {"turned": True},
                    ),
                    (
                        "a shortcut that is subtracted",
                        "Both ways are added.",
                        {"sign": -1},
                    ),
                ]
            ),
        ],
        _module,
    ),
)


# Counting layers


def _layers_by_stage(blocks, bottleneck=True):
    return (1, *(n * (3 if bottleneck else 2) for n in blocks), 1)


def _layers_by_stage_read(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n for n in blocks), 1)


def _counted(formula):
    def oracle(blocks, bottleneck):
        return tuple(formula(list(blocks), 3 if bottleneck else 2))

    return oracle


def _cases_layers_by_stage(draw):
    yield case((3, 4, 6, 3))
    yield case(tuple(draw.distinct(4, 2, 30)))
    yield case((2, 2, 2, 2), bottleneck=False)
    yield case(tuple(draw.distinct(4, 2, 30)), bottleneck=False)
    yield case((1, *draw.distinct(3, 2, 9)), True)


layers_by_stage = Task(
    "layers_by_stage",
    _layers_by_stage,
    cases=_cases_layers_by_stage,
    lecture=LECTURE,
    section=COUNTING,
    formula=_layers_by_stage_read,
    misunderstandings=mistakes(
        COUNTING,
        [
            (
                "a count of blocks, not of layers",
                "Each bottleneck block has three convolutions, each basic block two.",
                lambda n, k: (1, *n, 1),
            ),
            (
                "a count with a projection in each stage",
                "The projection shortcuts are not counted, as in the paper.",
                lambda n, k: (1, *(k * b + 1 for b in n), 1),
            ),
            (
                "a count with a projection in each block",
                "The projection shortcuts are not counted, as in the paper.",
                lambda n, k: (1, *((k + 1) * b for b in n), 1),
            ),
            (
                "a count without the first convolution",
                "The 7 x 7 convolution before the stages has weights too.",
                lambda n, k: (0, *(k * b for b in n), 1),
            ),
            (
                "a count without the classifier",
                "The fully-connected layer at the end has weights too.",
                lambda n, k: (1, *(k * b for b in n), 0),
            ),
            (
                "a count with the first pooling",
                "Pooling has no weights and is not counted.",
                lambda n, k: (2, *(k * b for b in n), 1),
            ),
            (
                "a count with the global pooling at the end",
                "Pooling has no weights and is not counted.",
                lambda n, k: (1, *(k * b for b in n), 2),
            ),
            (
                "a running sum",
                "Asked for are the layers of each stage, not of all up to it.",
                lambda n, k: (
                    1,
                    *(1 + k * sum(n[: i + 1]) for i in range(4)),
                    2 + k * sum(n),
                ),
            ),
            (
                "a count with the batch norms",
                "Only convolutions and the fully-connected layer count.",
                lambda n, k: (2, *(2 * k * b for b in n), 1),
            ),
        ],
        _counted,
    ),
)


# A net to design

trainable_net = design_task("trainable_net", LECTURE)


# Four plots


def _answered(result):
    """(the plots of the name in a result, its plot's letter, its place, its reason)."""
    if not isinstance(result, dict):
        raise ValueError("the result must be a dictionary; does the function return it?")
    for key in ("name", "plot", "at", "reason"):
        if key not in result:
            raise ValueError(f'the result has no entry "{key}"')
    drawn = plots.own_plots(result["name"])
    if result["plot"] not in ("A", "B", "C", "D"):
        raise ValueError(f'"plot" must be "A", "B", "C" or "D", got {result["plot"]!r}')
    if result["reason"] not in plots.REASONS:
        raise ValueError(
            f'"reason" must be one of {", ".join(plots.REASONS)}, got {result["reason"]!r}'
        )
    if type(result["at"]) is not int:
        raise ValueError(f'"at" must be an integer, got {result["at"]!r}')
    return drawn, result["plot"], result["at"], result["reason"]


def _is_the_place(result):
    drawn, plot, at, _ = _answered(result)
    # Which of the two is wrong is not said: four letters are soon tried.
    found = (plot, at) == (drawn.false, drawn.wrong.at)
    return "" if found else f"plot {plot}, at {at}: not the one, or not there"


def _is_the_reason(result):
    drawn, _, _, reason = _answered(result)
    return "" if reason == drawn.wrong.reason else f"{reason!r} does not speak against the plot"


def _said(test):
    """An oracle from (plots, letter, place, reason) of a result."""
    return lambda result: test(*_answered(result))


def _neighbour(drawn, plot, at, reason):
    x, wrong = drawn.wrong.x, drawn.wrong.at
    beside = {x[k] for k in (x.index(wrong) - 1, x.index(wrong) + 1) if 0 <= k < len(x)}
    return plot == drawn.false and at in beside


impossible_plot = PropertyTask(
    "impossible_plot",
    {"the plot and the place": _is_the_place},
    hidden={"the plot and the place": _is_the_place, "the reason": _is_the_reason},
    lecture=LECTURE,
    section=VANISH,
    misunderstandings=mistakes(
        VANISH,
        [
            (
                "the belief that a deeper net has no higher training error",
                "It could have none higher, but the training does not find it.",
                lambda drawn, plot, at, reason: reason == "depth",
                OVERFITTING,
            ),
            (
                "the belief that gradients get smaller on their way to the first layer",
                "Before the training those of the lecture's plain net grow on this way.",
                lambda drawn, plot, at, reason: reason == "vanish",
            ),
            (
                "the belief that a loss falls at every step",
                "A step that is too long climbs the other side, and a batch is not the whole set.",
                lambda drawn, plot, at, reason: reason == "descent",
            ),
            (
                "the belief that the test error lies above the training error",
                "With dropout the training error is that of a crippled net: the test's may be "
                "lower.",
                lambda drawn, plot, at, reason: reason == "gap",
                OVERFITTING,
            ),
            (
                "the belief that a residual block makes nothing larger",
                "It adds to what it reads: from block to block the sum may grow.",
                lambda drawn, plot, at, reason: reason == "growth",
                SHORTCUT,
            ),
            (
                "a true sentence that speaks of another plot than the one you name",
                "Read the plot's title once more.",
                lambda drawn, plot, at, reason: reason != drawn.plots[plot].reason,
            ),
            (
                "a place counted from 0",
                "The place is the number below the point.",
                lambda drawn, plot, at, reason: (
                    plot == drawn.false and at == drawn.wrong.x.index(drawn.wrong.at)
                ),
            ),
            (
                "a place counted in points",
                "The place is the number below the point, here a batch size.",
                lambda drawn, plot, at, reason: (
                    plot == drawn.false
                    and drawn.wrong.reason == "company"
                    and at == drawn.wrong.x.index(drawn.wrong.at) + 1
                ),
            ),
            (
                "the point beside the false one",
                "Which value could not be measured, whatever the others are?",
                _neighbour,
            ),
            (
                "the value in the place of the place",
                "Asked for is the number below the point, not the one beside it.",
                lambda drawn, plot, at, reason: (
                    plot == drawn.false
                    and at == round(drawn.wrong.y[drawn.wrong.x.index(drawn.wrong.at)])
                ),
            ),
        ],
        _said,
    ),
)
