"""What a right answer to the exercise on transfer is, and what each wrong answer means.

The truth is told by torch's own layers, autograd and optimiser; see `course.checking`.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes

LECTURE = "11_transfer"
FREEZING = "Freezing"
RATES = "A rate for each layer"
DETECTOR = "A classifier becomes a detector"
PATCHES = "Patches and background"
DRIFT = "Frozen, and still moving"
BUYS = "What does it buy?"

# Count what learns

BUFFERS = ("running_mean", "running_var", "num_batches_tracked")


def _count_learning(shapes, frozen):
    return _counted()(shapes, frozen)


def _count_learning_read(shapes, frozen):
    learns = total = 0
    for name, shape in shapes.items():
        if name.rpartition(".")[2] not in ("running_mean", "running_var", "num_batches_tracked"):
            total += int(np.prod(shape))
            if not any(name.startswith(part + ".") for part in frozen):
                learns += int(np.prod(shape))
    return learns, total


def _counted(
    counts=lambda name: name.rpartition(".")[2] not in BUFFERS,
    stays=lambda name, part: name.startswith(part + "."),
    size=math.prod,
    parts=lambda frozen: frozen,
    result=lambda learns, total: (learns, total),
):
    """An oracle from what counts, which parts a name is of, and how large a tensor is."""

    def oracle(shapes, frozen):
        learns = total = 0
        for name, shape in shapes.items():
            if counts(name):
                total += size(shape)
                learns += 0 if any(stays(name, part) for part in parts(frozen)) else size(shape)
        return result(learns, total)

    return oracle


def _cases_count(draw):
    def stage(name, inputs, outputs, size=3, bias=False):
        shapes = {f"{name}.conv.weight": (outputs, inputs, size, size)}
        if bias:
            shapes[f"{name}.conv.bias"] = (outputs,)
        return shapes | {
            f"{name}.norm.weight": (outputs,),
            f"{name}.norm.bias": (outputs,),
            f"{name}.norm.running_mean": (outputs,),
            f"{name}.norm.running_var": (outputs,),
            f"{name}.norm.num_batches_tracked": (),
        }

    def head(inputs, outputs):
        return {"head.weight": (outputs, inputs), "head.bias": (outputs,)}

    widths = [draw.integer(2, 5), draw.integer(6, 9), draw.integer(10, 14)]
    one, two, three = widths
    net = stage("stage1", 3, one) | stage("stage2", one, two, 5, bias=True) | head(two, 4)
    yield case({"conv.weight": (4, 1, 3, 3), "conv.bias": (4,)} | head(4, 2), ("conv",))
    yield case(net, ("stage1",))
    yield case(net, ("stage1", "stage2"))
    yield case(net, ())
    many = stage("stage1", 1, one) | stage("stage10", one, two) | stage("stage11", two, three)
    inner = {"aux.stage1.weight": (three, 3), "aux.bias": (three,)}
    yield case(many | head(three, 7), ("stage1",))
    yield case(many | inner, ("stage1", "stage11"))
    yield case(many | head(three, 7), ("stage10.conv", "stage1"))
    yield case(many | head(three, 7), ("stage1", "stage10", "stage11", "head"))


count_learning = Task(
    "count_learning",
    _count_learning,
    cases=_cases_count,
    lecture=LECTURE,
    section=FREEZING,
    names=("learning", "all"),
    formula=_count_learning_read,
    misunderstandings=mistakes(
        FREEZING,
        [
            (
                "running statistics counted as parameters",
                "Running means and variances and the counter are kept, not learnt: no gradient "
                "reaches them.",
                {"counts": lambda name: True},
            ),
            (
                "the counter of batches counted as a parameter",
                "num_batches_tracked is no parameter: no gradient reaches it.",
                {"counts": lambda name: name.rpartition(".")[2] not in BUFFERS[:2]},
            ),
            (
                "every name that begins with the part's",
                "stage10 is not in stage1: a name of the part goes on with a dot.",
                {"stays": lambda name, part: name.startswith(part)},
            ),
            (
                "every name that contains the part's",
                "stage10 is not in stage1: a name of the part begins with it and goes on with a "
                "dot.",
                {"stays": lambda name, part: part in name},
            ),
            (
                "parts that are found by the name before the first dot alone",
                "A part may lie deeper, as stage10.conv.",
                {"stays": lambda name, part: name.partition(".")[0] == part},
            ),
            (
                "what is frozen in place of what learns",
                "Asked for first is what learns.",
                {"result": lambda learns, total: (total - learns, total)},
            ),
            (
                "what is frozen in place of all",
                "Asked for second are all parameters, frozen ones too.",
                {"result": lambda learns, total: (learns, total - learns)},
            ),
            (
                "nothing frozen",
                "The parts in frozen do not learn.",
                {"parts": lambda frozen: ()},
            ),
            (
                "the first part alone frozen",
                "Every part in frozen does not learn.",
                {"parts": lambda frozen: frozen[:1]},
            ),
            (
                "tensors in place of numbers",
                "A tensor of shape (4, 1, 3, 3) holds 36 parameters.",
                {"size": lambda shape: 1},
            ),
            (
                "weights without biases",
                "A bias learns as a weight does.",
                {
                    "counts": lambda name: (
                        name.rpartition(".")[2] not in BUFFERS and not name.endswith("bias")
                    )
                },
            ),
            (
                "norms that learn in frozen parts",
                "Freezing a part freezes its batch norm's scale and shift, too.",
                {"stays": lambda name, part: name.startswith(part + ".") and "norm" not in name},
            ),
        ],
        lambda change: _counted(**change),
    ),
)

# Two learning rates


def _sgd_step(parameters, gradients, rates, weight_decay=0.0):
    tensors = {name: torch.nn.Parameter(torch.tensor(v)) for name, v in parameters.items()}
    for name, tensor in tensors.items():
        tensor.grad = torch.tensor(gradients[name])
    groups = [
        {"params": [t for name, t in tensors.items() if name.partition(".")[0] == part], "lr": rate}
        for part, rate in rates.items()
    ]
    torch.optim.SGD(groups, lr=0.0, weight_decay=weight_decay).step()
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}


def _sgd_step_read(parameters, gradients, rates, weight_decay=0.0):
    new = {}
    for name, p in parameters.items():
        lr = rates.get(name.partition(".")[0], 0.0)
        new[name] = p - lr * (gradients[name] + weight_decay * p)
    return new


def _stepped(
    rate=lambda rates, part: rates.get(part),
    step=lambda p, g, lr, decay: p - lr * (g + decay * p),
    frozen=lambda p, g, decay: p,
):
    """An oracle from the rate of a part, the step, and what happens to a frozen parameter."""

    def oracle(parameters, gradients, rates, weight_decay=0.0):
        new = {}
        for name, p in parameters.items():
            lr = rate(rates, name.partition(".")[0])
            if lr is not None:
                new[name] = step(p, gradients[name], lr, weight_decay)
            else:
                new[name] = frozen(p, gradients[name], weight_decay)
        return new

    return oracle


def _cases_step(draw):
    def drawn(shapes):
        return tuple({name: draw.normal(*s) for name, s in shapes.items()} for _ in range(2))

    net = {
        "conv.weight": (2, 1, 3, 2),
        "conv.bias": (2,),
        "body.weight": (3, 2),
        "head.weight": (4, 3),
        "head.bias": (4,),
    }
    yield case({"head.w": np.array([2.0])}, {"head.w": np.array([3.0])}, {"head": 0.1})
    yield case(*drawn(net), {"conv": 0.01, "body": 0.02, "head": 0.1})
    yield case(*drawn(net), {"head": 0.5, "body": 0.05})
    yield case(*drawn(net), {"body": 0.2, "head": 0.4, "conv": 0.1}, weight_decay=0.5)
    yield case(*drawn(net), {"body": 0.05, "head": 0.3}, weight_decay=0.2)
    yield case(*drawn(net), {"head": 0.2}, 0.1)


sgd_step = Task(
    "sgd_step",
    _sgd_step,
    cases=_cases_step,
    lecture=LECTURE,
    section=RATES,
    formula=_sgd_step_read,
    misunderstandings=mistakes(
        RATES,
        [
            (
                "frozen parameters that decay",
                "A part without a rate stays as it is: no step, and no weight decay.",
                {
                    "frozen": lambda p, g, decay: p * (1 - decay),
                },
            ),
            (
                "frozen parameters that learn at the largest rate",
                "A part without a rate is frozen.",
                {"rate": lambda rates, part: rates.get(part, max(rates.values()))},
            ),
            (
                "frozen parameters that learn at the smallest rate",
                "A part without a rate is frozen.",
                {"rate": lambda rates, part: rates.get(part, min(rates.values()))},
            ),
            (
                "the head's rate for all that learns",
                "Each part has a rate of its own.",
                {"rate": lambda rates, part: rates["head"] if part in rates else None},
            ),
            (
                "the first rate for all that learns",
                "Each part has a rate of its own.",
                {"rate": lambda rates, part: next(iter(rates.values())) if part in rates else None},
            ),
            (
                "a step up the gradient",
                "Descent subtracts: p - rate * gradient.",
                {"step": lambda p, g, lr, decay: p + lr * (g + decay * p)},
            ),
            (
                "a decay that is not scaled by the rate",
                "The decay is part of the gradient: the rate scales it, too.",
                {"step": lambda p, g, lr, decay: p - lr * g - decay * p},
            ),
            (
                "a decay away from zero",
                "The decay pulls towards zero: it is added to the gradient, which is subtracted.",
                {"step": lambda p, g, lr, decay: p - lr * (g - decay * p)},
            ),
            (
                "a decay by a constant",
                "The decay is in proportion to the parameter: weight_decay * p.",
                {"step": lambda p, g, lr, decay: p - lr * (g + decay)},
            ),
            (
                "the steps in place of the parameters",
                "Asked for are the parameters after the step.",
                {
                    "step": lambda p, g, lr, decay: -lr * (g + decay * p),
                    "frozen": lambda p, g, decay: 0 * p,
                },
            ),
        ],
        lambda change: _stepped(**change),
    ),
)

# A linear layer as a convolution


def _scores_everywhere(x, weight, bias, kernel_size, stride=1):
    return _everywhere()(x, weight, bias, kernel_size, stride)


def _scores_everywhere_read(x, weight, bias, kernel_size, stride=1):
    height, width = kernel_size
    kernels = weight.reshape(len(weight), x.shape[1], height, width)
    y = F.conv2d(torch.from_numpy(x), torch.from_numpy(kernels)).numpy()
    return y[:, :, ::stride, ::stride] + bias[:, None, None]


def _everywhere(
    read=lambda w, k, c, kh, kw: w.reshape(k, c, kh, kw),
    step=lambda stride: stride,
    biased=True,
    padded=False,
    after=lambda y: y,
):
    """An oracle: one convolution, from how the weights are read."""

    def oracle(x, weight, bias, kernel_size, stride=1):
        x, w, b = (torch.as_tensor(a, dtype=torch.float64) for a in (x, weight, bias))
        kh, kw = kernel_size
        kernels = read(w, len(w), x.shape[1], kh, kw)
        pad = (kh // 2, kw // 2) if padded else 0
        return after(F.conv2d(x, kernels, b if biased else None, step(stride), pad)).numpy()

    return oracle


def _cases_everywhere(draw):
    def drawn(n, c, h, w, k, kernel_size, *stride, **settings):
        kh, kw = kernel_size
        weight, bias = draw.normal(k, c * kh * kw), draw.normal(k)
        return case(draw.normal(n, c, h, w), weight, bias, kernel_size, *stride, **settings)

    yield drawn(1, 1, 2, 3, 1, (2, 2))
    yield drawn(1, 2, 3, 4, 3, (2, 3))
    yield drawn(2, 3, 6, 7, 4, (3, 2))
    yield drawn(3, 2, 7, 9, 5, (2, 4), stride=2)
    yield drawn(2, 4, 8, 6, 3, (3, 3), 3)
    yield drawn(2, 1, 1, 4, 3, (1, 1), 3)
    yield drawn(2, 3, 5, 1, 2, (2, 1))
    yield drawn(2, 2, 3, 5, 4, (3, 5))


scores_everywhere = Task(
    "scores_everywhere",
    _scores_everywhere,
    cases=_cases_everywhere,
    lecture=LECTURE,
    section=DETECTOR,
    torch=True,
    differentiable=True,
    formula=_scores_everywhere_read,
    misunderstandings=mistakes(
        DETECTOR,
        [
            (
                "weights read with the channel last",
                "Flatten counts channels first: a row of the weight is (C, kH, kW).",
                {"read": lambda w, k, c, kh, kw: w.reshape(k, kh, kw, c).permute(0, 3, 1, 2)},
            ),
            (
                "weights read with kH and kW exchanged",
                "A row of the weight is (C, kH, kW), then the kernel is kH high.",
                {"read": lambda w, k, c, kh, kw: w.reshape(k, c, kw, kh).transpose(2, 3)},
            ),
            (
                "kernels flipped",
                "The linear layer multiplies place by place: nothing is flipped.",
                {"read": lambda w, k, c, kh, kw: w.reshape(k, c, kh, kw).flip(2, 3)},
            ),
            (
                "weights read down their columns",
                "Row k of the weight is kernel k: reshape it as it is.",
                {"read": lambda w, k, c, kh, kw: w.T.reshape(k, c, kh, kw)},
            ),
            ("no bias", "Each class has a bias: give it to the convolution.", {"biased": False}),
            (
                "a picture with zeros around it",
                "Only windows that lie inside count: no padding.",
                {"padded": True},
            ),
            (
                "probabilities in place of scores",
                "Asked for are the scores, as the linear layer gives them.",
                {"after": lambda y: y.softmax(1)},
            ),
            (
                "the mean over all windows",
                "Every window has its own scores: (N, K, I, J).",
                {"after": lambda y: y.mean((2, 3))},
            ),
            (
                "the likeliest class of each window",
                "Asked for are the scores of all classes, not the winner.",
                {"after": lambda y: y.argmax(1)},
            ),
            (
                "classes behind places",
                "The order is (N, K, I, J): classes are channels.",
                {"after": lambda y: y.permute(0, 2, 3, 1)},
            ),
        ],
        lambda change: _everywhere(**change),
    ),
)

# Labels of patches


def _label_patches(patches, boxes, classes, background):
    return _labelled()(patches, boxes, classes, background)


def _label_patches_read(patches, boxes, classes, background):
    labels = []
    for top, left, height, width in patches.tolist():
        shared = []
        for t, le, h, w in boxes.tolist():
            rows = min(top + height, t + h) - max(top, t)
            columns = min(left + width, le + w) - max(left, le)
            shared.append(max(rows, 0) * max(columns, 0))
        b = int(np.argmax(shared))
        touched = sum(pixels > 0 for pixels in shared)
        patch, box = height * width, boxes[b, 2] * boxes[b, 3]
        large = shared[b] >= 0.2 * patch and shared[b] >= 0.6 * box
        label = classes[b] if touched == 1 and large else -1
        labels.append(background if touched == 0 else label)
    return np.array(labels)


def _labelled(
    patch_share=lambda shared, patch: shared >= 0.2 * patch,
    box_share=lambda shared, box: shared >= 0.6 * box,
    alone=True,
    unclear=lambda background: -1,
    empty=lambda background: background,
    name=lambda b, classes: classes[b],
    size=lambda top, left, third, fourth: (third, fourth),
    near=lambda shared: shared > 0,
):
    """An oracle from the rules; `size` says how a box's third and fourth number are read."""

    def area(box):
        height, width = size(*box)
        return height * width

    def pixels(patch, box):
        found = 1
        for axis in (0, 1):
            first = max(patch[axis], box[axis])
            ends = (each[axis] + size(*each)[axis] for each in (patch, box))
            found *= max(min(ends) - first, 0)
        return found

    def oracle(patches, boxes, classes, background):
        labels = []
        for patch in patches.tolist():
            shared = [pixels(patch, box) for box in boxes.tolist()]
            touched = [b for b, count in enumerate(shared) if near(count)]
            if not touched:
                labels.append(empty(background))
                continue
            b = max(touched, key=lambda b: shared[b])
            clear = (
                (len(touched) == 1 or not alone)
                and patch_share(shared[b], area(patch))
                and box_share(shared[b], area(boxes[b].tolist()))
            )
            labels.append(name(b, classes) if clear else unclear(background))
        return np.array(labels)

    return oracle


def _iou(patches, boxes, classes, background):
    labels = []
    for top, left, height, width in patches.tolist():
        best, label = 0.0, background
        for (t, le, h, w), k in zip(boxes.tolist(), classes.tolist(), strict=True):
            rows = max(min(top + height, t + h) - max(top, t), 0)
            columns = max(min(left + width, le + w) - max(left, le), 0)
            share = rows * columns / (height * width + h * w - rows * columns)
            if share > best:
                best, label = share, k if share >= 0.5 else -1
        labels.append(label)
    return np.array(labels)


def _cases_labels(draw):
    # A patch of 10 x 10: 20 pixels are its fifth, and 60 of a box of 100 its share.
    yield case(
        np.array([[0, 0, 4, 5], [0, 8, 4, 5], [0, 3, 4, 5]]),
        np.array([[0, 1, 4, 5]]),
        np.array([3]),
        7,
    )
    yield case(np.array([[0, 0, 4, 5]]), np.array([[0, 1, 4, 5]]), np.array([3]), 1)
    background = draw.integer(8, 9)
    boxes = np.array([[2, 3, 10, 10], [20, 24, 4, 5], [3, 30, 12, 8]])
    classes = np.array([draw.integer(4, 7), draw.integer(0, 3), draw.integer(4, 7)])
    patches = [
        [2, 7, 10, 10],  # just 60 of the first box's 100
        [2, 8, 10, 10],  # 50 of them
        [19, 22, 10, 10],  # just 20 of the patch: all of the second box
        [18, 20, 12, 11],  # the whole second box, and too little of the patch
        [4, 20, 10, 17],  # 70 of the third box's 96, more than a fifth of the patch
        [6, 9, 12, 10],  # a corner of the first box
        [0, 13, 10, 10],  # beside the first box
        [12, 3, 8, 9],  # below it
        [0, 10, 16, 25],  # the first and the third box
        [17, 12, 12, 12],  # nothing
        [4, 31, 4, 3],  # inside of the third box, and little of it
    ]
    yield case(np.array(patches), boxes, classes, background)
    yield case(np.array(patches[:4]), boxes[:1], classes[:1], background)
    yield case(np.array([[0, 6, 8, 8], [1, 0, 8, 8]]), boxes[1:], classes[1:], background)
    both = np.array([[0, 0, 6, 6], [0, 7, 6, 3]])
    yield case(np.array([[0, 0, 6, 8], [0, 0, 6, 7], [0, 4, 6, 6]]), both, np.array([5, 2]), 9)
    corners = [[draw.integer(0, 14), draw.integer(0, 30)] for _ in range(24)]
    drawn = [[*c, draw.integer(6, 12), draw.integer(6, 13)] for c in corners]
    yield case(np.array(drawn), boxes, classes, background)


label_patches = Task(
    "label_patches",
    _label_patches,
    cases=_cases_labels,
    lecture=LECTURE,
    section=PATCHES,
    formula=_label_patches_read,
    misunderstandings=mistakes(
        PATCHES,
        [
            (
                "unclear patches called background",
                "A patch with a part of an object is no background: it is left out, as -1.",
                {"unclear": lambda background: background},
            ),
            (
                "background left out, too",
                "A patch that shares no pixel with any object is background.",
                {"empty": lambda background: -1},
            ),
            (
                "the object with the largest share, where there are several",
                "A patch with pixels of two objects shows neither clearly: -1.",
                {"alone": False},
            ),
            (
                "no rule for the patch's share",
                "The object must fill a fifth of the patch, too.",
                {"patch_share": lambda shared, patch: True},
            ),
            (
                "no rule for the object's share",
                "Six tenths of the object must lie in the patch, too.",
                {"box_share": lambda shared, box: True},
            ),
            (
                "0.2 and 0.6 exchanged",
                "0.2 of the patch's pixels, 0.6 of the object's.",
                {
                    "patch_share": lambda shared, patch: shared >= 0.6 * patch,
                    "box_share": lambda shared, box: shared >= 0.2 * box,
                },
            ),
            (
                "shares that must be exceeded",
                "Just 0.2 and just 0.6 are enough: >=.",
                {
                    "patch_share": lambda shared, patch: shared > 0.2 * patch,
                    "box_share": lambda shared, box: shared > 0.6 * box,
                },
            ),
            (
                "both shares of the patch",
                "The second share is of the object's own pixels.",
                {
                    "patch_share": lambda shared, patch: shared >= 0.6 * patch,
                    "box_share": lambda shared, box: True,
                },
            ),
            (
                "the object's number in place of its class",
                "classes[b] says which class object b is of.",
                {"name": lambda b, classes: b},
            ),
            (
                "boxes read as (top, left, bottom, right)",
                "A box is (top, left, height, width).",
                {"size": lambda top, left, third, fourth: (third - top, fourth - left)},
            ),
            (
                "boxes read as (top, left, width, height)",
                "A box is (top, left, height, width): rows first.",
                {"size": lambda top, left, third, fourth: (fourth, third)},
            ),
            (
                "a background that is always 0",
                "Its number is an argument: classes begin with 0.",
                {"empty": lambda background: 0},
            ),
        ],
        lambda change: _labelled(**change),
    )
    + mistakes(
        PATCHES,
        [
            (
                "intersection over union, at least a half",
                "Oquab's rule has two shares, of the patch and of the object.",
                _iou,
            )
        ],
    ),
)

# The norm that drifts


def _train_head(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    statistics = [torch.from_numpy(a) for a in (mean, var, gamma, beta)]
    w = torch.from_numpy(weight).clone().requires_grad_()
    for x, y in batches:
        features = F.batch_norm(torch.from_numpy(x), *statistics, eps=eps)
        loss = F.cross_entropy(F.linear(features, w), torch.from_numpy(y))
        (grad,) = torch.autograd.grad(loss, w)
        w = (w - lr * grad).detach().requires_grad_()
    return w.detach().numpy(), mean, var


def _train_head_read(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
    for x, y in batches:
        frozen = True
        batch_mean, batch_var = x.mean(axis=0), x.var(axis=0)
        moved = 0.9 * mean + 0.1 * batch_mean, 0.9 * var + 0.1 * batch_var
        mean, var = (mean, var) if frozen else moved
        center = mean if frozen else batch_mean
        spread = var if frozen else batch_var
        features = gamma * (x - center) / np.sqrt(spread + eps) + beta
        p = torch.from_numpy(features @ weight.T).softmax(dim=1).numpy()
        right = np.arange(len(weight)) == y[:, None]
        weight = weight - lr * (p - right).T @ features / len(y)
    return weight, mean, var


def _headed(
    used="kept",
    moves=False,
    result="moved",
    averaged=True,
    sign=-1,
    norm=True,
    of=None,
    shifted=True,
):
    """An oracle with the bugs that are asked for.

    Args:
        used: statistics that normalise: "kept" (as given), "batch" or "running" (as moved so far).
        moves: let the running statistics follow the batches.
        result: "moved" gives them as they are then, "given" as they came.
        of: which batches are used.
        averaged: the gradient is the mean over the batch, not the sum.
        shifted: the largest score is subtracted before the exponential.
    """

    def oracle(batches, mean, var, gamma, beta, weight, lr, eps=1e-5):
        running, w = [mean, var], torch.from_numpy(weight).clone()
        for x, y in of(batches) if of else batches:
            own = [x.mean(0), x.var(0)]
            if moves:
                running = [0.9 * r + 0.1 * o for r, o in zip(running, own, strict=True)]
            m, v = {"kept": (mean, var), "batch": own, "running": running}[used]
            xh = torch.from_numpy((x - m) / np.sqrt(v + eps) * gamma + beta if norm else x)
            scores, target = xh @ w.T, torch.from_numpy(y)
            p = scores.softmax(1) if shifted else scores.exp() / scores.exp().sum(1, keepdim=True)
            grad = (p - F.one_hot(target, len(w))).T @ xh
            w = w + sign * lr * grad / (len(y) if averaged else 1)
        found = running if result == "moved" else (mean, var)
        return w.numpy(), *found

    return oracle


def _cases_head(draw):
    def drawn(sizes, channels, classes, lr, scale=1.0, **settings):
        batches = []
        for n in sizes:
            y = np.array([draw.integer(0, classes - 1) for _ in range(n)])
            batches.append((2 * draw.normal(n, channels) + 1, y))
        return case(
            batches,
            draw.normal(channels),
            np.abs(draw.normal(channels)) + 0.5,
            draw.normal(channels),
            draw.normal(channels),
            scale * draw.normal(classes, channels),
            lr,
            **settings,
        )

    yield drawn([2], 2, 2, 0.5)
    yield drawn([4, 3], 3, 2, 0.3)
    yield drawn([3, 5, 2], 2, 4, 0.5, eps=0.5)
    yield drawn([3, 2], 1, 2, 0.4)
    yield drawn([4, 4], 5, 3, 1.0)
    yield drawn([6, 2, 3, 4], 3, 5, 0.2)
    yield drawn([5, 4], 3, 3, 0.5, scale=500.0)  # scores whose exponentials overflow


train_head = Task(
    "train_head",
    _train_head,
    cases=_cases_head,
    lecture=LECTURE,
    section=DRIFT,
    names=("weight", "mean", "var"),
    formula=_train_head_read,
    misunderstandings=mistakes(
        DRIFT,
        [
            (
                "statistics of each batch, and running ones that move",
                "Both bugs are still there: a frozen norm uses the statistics that it was given, "
                "and leaves them as they are.",
                {"used": "batch", "moves": True},
            ),
            (
                "statistics of each batch",
                "A frozen norm is in eval mode: it uses the statistics that it was given.",
                {"used": "batch"},
            ),
            (
                "running statistics that move",
                "The norm uses what it was given, and still what it gives back has moved.",
                {"moves": True},
            ),
            (
                "running statistics that move, and are used as they move",
                "Frozen means that the running statistics stay as they came.",
                {"moves": True, "used": "running"},
            ),
            (
                "statistics that move, are used, and are given back as they came",
                "The norm must use the statistics that it was given.",
                {"moves": True, "used": "running", "result": "given"},
            ),
            (
                "no norm at all",
                "Frozen does not mean absent: the norm computes, with kept statistics.",
                {"norm": False},
            ),
            (
                "a gradient that is summed over the batch",
                "The loss is the mean over the batch, as in the colleague's code.",
                {"averaged": False},
            ),
            (
                "a step up the gradient",
                "Descent subtracts.",
                {"sign": 1},
            ),
            (
                "a head that does not learn",
                "The head is what learns: only the norm is frozen.",
                {"sign": 0},
            ),
            (
                "exponentials that overflow",
                "Scores in the thousands overflow: the colleague subtracts each row's largest.",
                {"shifted": False},
            ),
        ],
        lambda bugs: _headed(**bugs),
    ),
)

# Reading a transfer plot


def _verdicts(scratch, transferred):
    return _ruled()(scratch, transferred)


def _verdicts_read(scratch, transferred):
    found = {}
    for images in scratch:
        low, high = min(scratch[images]), max(scratch[images])
        worst, best = min(transferred[images]), max(transferred[images])
        found[images] = 1 if worst > high else -1 if best < low else 0
    return found


def _ruled(above=lambda one, other: min(one) > max(other), swap=False):
    """An oracle from when one list of accuracies lies above another."""

    def oracle(scratch, transferred):
        found = {}
        for images, values in scratch.items():
            better, worse = above(transferred[images], values), above(values, transferred[images])
            verdict = 1 if better and not worse else -1 if worse and not better else 0
            found[images] = -verdict if swap else verdict
        return found

    return oracle


def _paired(one, other):
    return all(a > b for a, b in zip(one, other, strict=False))


def _cases_verdicts(draw):
    yield case({5: [70.0, 74.0], 50: [94.0, 96.0]}, {5: [80.0, 78.0], 50: [95.0, 93.0]})
    yield case({1: [40.0, 45.0, 50.0]}, {1: [55.0, 50.0, 60.0]})  # they touch
    yield case({1: [40.0, 45.0, 50.0]}, {1: [40.0, 35.0, 30.0]})
    yield case(
        {10: [78.0, 86.0, 89.0], 20: [91.0, 92.0, 92.5], 100: [96.0, 95.5, 96.5]},
        {10: [86.5, 90.0, 91.0], 20: [90.0, 90.5, 90.8], 100: [96.4, 95.9, 97.0]},
    )
    yield case(
        {2: [50.0, 52.0], 5: [60.0, 70.0], 9: [80.0, 70.0]},
        {2: [60.0, 61.0, 51.0], 5: [75.0, 71.0, 99.0], 9: [69.0, 60.0, 65.0]},
    )
    # Means, medians, the best and the worst runs each say something else.
    yield case(
        {3: [60.0, 70.0, 71.0], 30: [80.0, 85.0, 90.0], 60: [50.0, 90.0, 95.0]},
        {3: [69.0, 99.0, 50.0], 30: [60.0, 50.0, 95.0], 60: [60.0, 80.0, 70.0]},
    )
    counts = sorted({draw.integer(1, 9), draw.integer(10, 99), draw.integer(100, 999)})
    one, other = (
        {n: [round(60 + 3 * float(v), 1) for v in draw.normal(3)] for n in counts} for _ in range(2)
    )
    other[counts[0]] = [v + 30 for v in other[counts[0]]]
    yield case(one, other)


verdicts = Task(
    "verdicts",
    _verdicts,
    cases=_cases_verdicts,
    lecture=LECTURE,
    section=BUYS,
    formula=_verdicts_read,
    misunderstandings=mistakes(
        BUYS,
        [
            (
                "the means alone",
                "Means always differ. What the runs show is whether the ranges lie apart.",
                {"above": lambda one, other: np.mean(one) > np.mean(other)},
            ),
            (
                "the medians alone",
                "Medians nearly always differ: look whether the ranges lie apart.",
                {"above": lambda one, other: np.median(one) > np.median(other)},
            ),
            (
                "the best runs alone",
                "The best of some runs is luck: look whether the ranges lie apart.",
                {"above": lambda one, other: max(one) > max(other)},
            ),
            (
                "the worst runs alone",
                "Compare the worst run of one with the best of the other.",
                {"above": lambda one, other: min(one) > min(other)},
            ),
            (
                "ranges that touch taken for apart",
                "Where the worst run of one is as good as the best of the other, it stays open.",
                {"above": lambda one, other: min(one) >= max(other)},
            ),
            (
                "scratch and transfer exchanged",
                "1 stands for transfer above scratch, -1 for below.",
                {"swap": True},
            ),
            (
                "seed by seed",
                "Runs of the same place in their lists are no pairs: compare the ranges.",
                {"above": _paired},
            ),
            (
                "the first seed alone",
                "One run is no experiment: all of them count.",
                {"above": lambda one, other: one[0] > other[0]},
            ),
            (
                "no loss ever",
                "Transfer may lie below scratch: then the verdict is -1.",
                None,
            ),
            (
                "no gain ever",
                "Transfer may lie above scratch: then the verdict is 1.",
                False,
            ),
            (
                "a mean outside of the other's range",
                "Every run of one must lie above every run of the other, not its mean alone.",
                {"above": lambda one, other: np.mean(one) > max(other)},
            ),
        ],
        lambda change: (
            _ruled(**change)
            if change
            else lambda scratch, transferred: {
                n: min(v, 0) if change is False else max(v, 0)
                for n, v in _verdicts(scratch, transferred).items()
            }
        ),
    ),
)
