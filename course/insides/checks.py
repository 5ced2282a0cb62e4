"""What a right answer to the exercise on looking inside is, and what each wrong answer means.

The truth is told by torch's own functions and autograd; see `course.checking`.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes, refuses

LECTURE = "09_insides"
PROJECTION = "Back to the pixels"
RULES = "Three ways back through a rectifier"
OCCLUSION = "Asking the net: occlusion"
TRUST = "How far to trust a map"


# Unpooling


def _max_unpool2d(x, indices, output_size):
    return F.max_unpool2d(
        torch.from_numpy(x), torch.from_numpy(indices), 2, output_size=tuple(output_size)
    ).numpy()


def _max_unpool2d_read(x, indices, output_size):
    H, W = output_size
    y = np.zeros((*x.shape[:2], H, W))
    for n, c, i, j in np.ndindex(*x.shape):
        k = indices[n, c, i, j]
        y[n, c, k // W, k % W] = x[n, c, i, j]
    return y


def _scattered(place=lambda k, h, w: k, add=False, fill=0.0, swap=False):
    """An oracle from where the value with index k goes in a picture of h x w."""

    def oracle(x, indices, output_size):
        h, w = output_size
        flat = np.full((*x.shape[:2], h * w), fill)
        for at in np.ndindex(*x.shape):
            k = place(int(indices[at]), h, w) % (h * w)
            flat[at[0], at[1], k] = flat[at[0], at[1], k] + x[at] if add else x[at]
        y = flat.reshape(*x.shape[:2], h, w)
        return y.swapaxes(2, 3).reshape(y.shape) if swap else y

    return oracle


def _spread(x, indices, output_size, share=1.0):
    """Each value at all four places of its window."""
    h, w = output_size
    grown = x.repeat(2, axis=2).repeat(2, axis=3)
    y = np.zeros((*x.shape[:2], h, w))
    y[:, :, : grown.shape[2], : grown.shape[3]] = grown[:, :, :h, :w] * share
    return y


def _corner(x, indices, output_size):
    y = np.zeros((*x.shape[:2], *output_size))
    y[:, :, : 2 * x.shape[2] : 2, : 2 * x.shape[3] : 2] = x
    return y


def _cases_unpool(draw):
    def drawn(n, c, h, w, dtype="float64"):
        picture = torch.from_numpy(draw.normal(n, c, h, w, dtype=dtype))
        _, indices = F.max_pool2d(picture, 2, return_indices=True)
        values = draw.normal(n, c, h // 2, w // 2, dtype=dtype)
        return case(values, indices.numpy(), (h, w))

    yield drawn(1, 1, 2, 4)
    yield drawn(1, 1, 4, 6)
    yield drawn(2, 3, 4, 6)
    yield drawn(3, 2, 5, 8)
    yield drawn(1, 2, 6, 5)
    yield drawn(2, 1, 7, 3, "float32")


max_unpool2d = Task(
    "max_unpool2d",
    _max_unpool2d,
    cases=_cases_unpool,
    lecture=LECTURE,
    section=PROJECTION,
    formula=_max_unpool2d_read,
    misunderstandings=mistakes(
        PROJECTION,
        [
            (
                "each value at all places of its window",
                "Only the place that won gets the value: the switches say which.",
                _spread,
            ),
            (
                "each value shared by the places of its window",
                "Only the place that won gets the value, and all of it.",
                lambda **given: _spread(**given, share=0.25),
            ),
            (
                "each value in the upper left corner of its window",
                "The winner may lie anywhere in its window: the switches say where.",
                _corner,
            ),
            (
                "places counted down the columns",
                "The switches count along the rows: k is row k // W, column k % W.",
                _scattered(lambda k, h, w: k % h * w + k // h),
            ),
            (
                "rows of the wrong length: H in place of W",
                "A picture of H x W has rows of W pixels: k is row k // W, column k % W.",
                _scattered(lambda k, h, w: k // h * w + k % h),
            ),
            (
                "places that begin with 1",
                "The switches begin with 0.",
                _scattered(lambda k, h, w: k - 1),
            ),
            (
                "a picture of ones in place of zeros",
                "Where nothing won there is nothing: 0.",
                _scattered(fill=1.0),
            ),
        ],
    ),
)

# Three rules


def _relu_backward(grad_output, x, rule):
    g, t = torch.from_numpy(grad_output), torch.from_numpy(x).requires_grad_()
    (gradient,) = torch.autograd.grad(t.relu(), t, g)
    found = {"gradient": gradient, "deconvnet": g.relu(), "guided": gradient.relu()}
    return found[rule].numpy()


def _relu_backward_read(grad_output, x, rule):
    if rule == "gradient":
        return np.where(x > 0, grad_output, 0)
    if rule == "deconvnet":
        return np.where(grad_output > 0, grad_output, 0)
    return np.where((x > 0) & (grad_output > 0), grad_output, 0)


def _ruled(**rules):
    """An oracle from what each rule gives of g and x; the other rules are right."""

    def oracle(grad_output, x, rule):
        if rule in rules:
            return rules[rule](grad_output, x)
        return _relu_backward(grad_output, x, rule)

    return oracle


def _cases_relu(draw):
    yield case(np.full((1, 1, 1, 1), 2.0), np.full((1, 1, 1, 1), -1.0), "deconvnet")
    for shape in ((3, 2), (2, 3, 4, 5)):
        for rule in ("gradient", "deconvnet", "guided"):
            yield case(draw.normal(*shape), draw.normal(*shape), rule)
    x = draw.normal(3, 4)
    x[:, 1] = 0.0
    for rule in ("gradient", "guided"):
        yield case(np.abs(draw.normal(3, 4)), x, rule)
    yield refuses(ValueError, draw.normal(2, 2), draw.normal(2, 2), "other")


relu_backward = Task(
    "relu_backward",
    _relu_backward,
    cases=_cases_relu,
    lecture=LECTURE,
    section=RULES,
    formula=_relu_backward_read,
    misunderstandings=mistakes(
        RULES,
        [
            (
                "deconvnet and guided exchanged",
                "deconvnet asks for g > 0 alone; guided for both signs.",
                _ruled(
                    deconvnet=lambda g, x: np.where((x > 0) & (g > 0), g, 0),
                    guided=lambda g, x: np.where(g > 0, g, 0),
                ),
            ),
            (
                "gradient and deconvnet exchanged",
                "The derivative asks for x > 0, the deconvnet for g > 0.",
                _ruled(
                    gradient=lambda g, x: np.where(g > 0, g, 0),
                    deconvnet=lambda g, x: np.where(x > 0, g, 0),
                ),
            ),
            (
                "guided with either sign in place of both",
                "guided lets through where x > 0 and g > 0.",
                _ruled(guided=lambda g, x: np.where((x > 0) | (g > 0), g, 0)),
            ),
            (
                "a slope of 1 at 0",
                "torch's rectifier has slope 0 at 0: x > 0, not x >= 0.",
                _ruled(
                    gradient=lambda g, x: np.where(x >= 0, g, 0),
                    guided=lambda g, x: np.where((x >= 0) & (g > 0), g, 0),
                ),
            ),
            (
                "the input where the signal belongs",
                "What goes back is grad_output, not x.",
                _ruled(
                    gradient=lambda g, x: np.where(x > 0, x, 0),
                    deconvnet=lambda g, x: np.where(g > 0, x, 0),
                    guided=lambda g, x: np.where((x > 0) & (g > 0), x, 0),
                ),
            ),
            (
                "ones where the signal belongs",
                "The mask decides where; what goes through is grad_output.",
                _ruled(
                    gradient=lambda g, x: (x > 0) * 1.0,
                    deconvnet=lambda g, x: (g > 0) * 1.0,
                    guided=lambda g, x: ((x > 0) & (g > 0)) * 1.0,
                ),
            ),
        ],
    ),
)

# A stage backwards


def _project(signal, before, indices, weight):
    return _projected()(signal, before, indices, weight)


def _project_read(signal, before, indices, weight):
    places, kernel = torch.from_numpy(indices), torch.from_numpy(weight)
    y = F.max_unpool2d(torch.from_numpy(signal), places, 2, output_size=before.shape[2:])
    padding = weight.shape[2] // 2, weight.shape[3] // 2
    return F.conv_transpose2d(y.relu(), kernel, padding=padding).numpy()


def _projected(unpool=True, rectify="deconvnet", flip=False, channels=False, order="right"):
    """An oracle: unpool, rectify, transposed filters, with one step done in another way."""

    def oracle(signal, before, indices, weight):
        g, k = torch.from_numpy(signal), torch.from_numpy(weight)
        size = before.shape[2:]
        if unpool:
            y = F.max_unpool2d(g, torch.from_numpy(indices), 2, output_size=size)
        else:
            y = F.interpolate(g, size=size, mode="nearest")
        t = torch.from_numpy(before)
        if rectify in ("deconvnet", "guided"):
            y = y.relu()
        if rectify in ("gradient", "guided"):
            y = y * (t > 0)
        if flip:
            k = k.flip(2, 3)
        y = F.conv_transpose2d(y, k, padding=tuple(n // 2 for n in k.shape[2:]))
        return (y.relu() if order == "last" else y).numpy()

    return oracle


def _cases_project(draw):
    def drawn(n, c, o, h, w, k):
        before = draw.normal(n, o, h, w)
        _, indices = F.max_pool2d(torch.from_numpy(before).relu(), 2, return_indices=True)
        signal = draw.normal(n, o, h // 2, w // 2)
        return case(signal, before, indices.numpy(), draw.normal(o, c, *k))

    yield drawn(1, 1, 1, 2, 4, (1, 3))
    yield drawn(1, 1, 2, 4, 6, (3, 3))
    yield drawn(2, 2, 1, 2, 3, (1, 1))
    yield drawn(2, 3, 2, 6, 4, (3, 5))
    yield drawn(3, 2, 4, 5, 8, (5, 3))
    yield drawn(2, 3, 5, 4, 7, (3, 3))
    yield drawn(2, 3, 4, 4, 7, (5, 5))  # a result of the same shape as the one before


project = Task(
    "project",
    _project,
    cases=_cases_project,
    lecture=LECTURE,
    section=PROJECTION,
    formula=_project_read,
    torch=True,
    misunderstandings=mistakes(
        PROJECTION,
        [
            (
                "values spread over their windows",
                "Unpool by the switches: each value goes where the winner was.",
                {"unpool": False},
            ),
            (
                "no rectifier on the way back",
                "Between unpooling and the filters the signal is rectified.",
                {"rectify": "none"},
            ),
            (
                "the derivative: a mask of what was positive forwards",
                "The projection rectifies the signal itself; what came before it does not ask.",
                {"rectify": "gradient"},
                RULES,
            ),
            (
                "the guided rule: both masks",
                "The projection rectifies the signal itself; what came before it does not ask.",
                {"rectify": "guided"},
                RULES,
            ),
            (
                "kernels flipped once more",
                "conv_transpose2d turns the filters already: give it the weight as it is.",
                {"flip": True},
            ),
            (
                "a rectifier behind the filters in place of before them",
                "Rectify what was unpooled, then apply the transposed filters.",
                {"order": "last", "rectify": "none"},
            ),
        ],
        lambda settings: _projected(**settings),
    ),
)

# Occlusion


def _occlusion_map(drops, input_size, size, stride):
    return _covered()(drops, input_size, size, stride)


def _occlusion_map_read(drops, input_size, size, stride):
    total, count = np.zeros(input_size), np.zeros(input_size)
    for i, j in np.ndindex(*drops.shape):
        top, left = stride * i, stride * j
        total[top : top + size, left : left + size] += drops[i, j]
        count[top : top + size, left : left + size] += 1
    return total / np.maximum(count, 1)


def _covered(mean=True, step=lambda s, k: s, side=lambda k, s: k, swap=False, count=True):
    """An oracle: each place gives its drop to the pixels that its square covered."""

    def oracle(drops, input_size, size, stride):
        t = torch.from_numpy(drops.T.copy() if swap else drops)[None, None]
        total, covered = np.zeros(input_size), np.zeros(input_size)
        for (i, j), drop in np.ndenumerate(t[0, 0].numpy()):
            s, k = step(stride, size), side(size, stride)
            total[i * s : i * s + k, j * s : j * s + k] += drop
            covered[i * s : i * s + k, j * s : j * s + k] += 1
        if not mean:
            return total
        return total / np.maximum(covered, 1) if count else total / size**2

    return oracle


def _largest(drops, input_size, size, stride):
    y = np.zeros(input_size)
    for (i, j), drop in np.ndenumerate(drops):
        window = y[stride * i : stride * i + size, stride * j : stride * j + size]
        np.maximum(window, drop, out=window)
    return y


def _last(drops, input_size, size, stride):
    y = np.zeros(input_size)
    for (i, j), drop in np.ndenumerate(drops):
        y[stride * i : stride * i + size, stride * j : stride * j + size] = drop
    return y


def _cases_occlusion(draw):
    def drawn(h, w, size, stride):
        shape = ((h - size) // stride + 1, (w - size) // stride + 1)
        return case(draw.normal(*shape), (h, w), size, stride)

    yield drawn(2, 3, 2, 1)
    yield drawn(5, 7, 3, 2)
    yield drawn(8, 5, 3, 1)
    yield drawn(3, 2, 2, 3)
    yield drawn(1, 5, 1, 2)
    yield drawn(7, 12, 2, 3)
    yield drawn(9, 6, 4, 2)
    yield drawn(10, 8, 3, 3)


occlusion_map = Task(
    "occlusion_map",
    _occlusion_map,
    cases=_cases_occlusion,
    lecture=LECTURE,
    section=OCCLUSION,
    formula=_occlusion_map_read,
    misunderstandings=mistakes(
        OCCLUSION,
        [
            (
                "a sum over the squares, not their mean",
                "Pixels in the middle lie under more squares: divide by how many covered each.",
                _covered(mean=False),
            ),
            (
                "a mean over the pixels of a square",
                "Divide by how many squares covered the pixel, which is fewer at the border.",
                _covered(count=False),
            ),
            (
                "squares that move by one pixel",
                "Place (i, j) of the square begins at row stride * i, column stride * j.",
                _covered(step=lambda s, k: 1),
            ),
            (
                "the drop in the corner of its square alone",
                "A square hides all its pixels: each shares in the drop.",
                _covered(side=lambda k, s: 1),
            ),
            (
                "the largest drop over the squares",
                "Asked for is the mean of the squares that covered the pixel.",
                _largest,
            ),
            (
                "the last square's drop",
                "Where squares overlap, add their drops and divide by how many there are.",
                _last,
            ),
        ],
    ),
)

# How often is the strongest pixel in the box?


def _hit_rate(maps, boxes):
    return _rated()(maps, boxes)


def _hit_rate_read(maps, boxes):
    hits = []
    for values, (top, left, height, width) in zip(maps, boxes, strict=True):
        row, column = divmod(int(np.abs(values).argmax()), values.shape[1])
        hits.append(top <= row < top + height and left <= column < left + width)
    return float(np.mean(hits))


def _rated(
    strength=np.abs,
    inside=lambda r, c, t, le, h, w: t <= r < t + h and le <= c < le + w,
    scale=1.0,
):
    """An oracle from what counts as strong, and from what lies in a box."""

    def oracle(maps, boxes):
        hits = []
        for values, (top, left, height, width) in zip(maps, boxes, strict=True):
            row, column = divmod(int(strength(values).argmax()), values.shape[1])
            hits.append(inside(row, column, top, left, height, width))
        return float(np.mean(hits)) * scale

    return oracle


def _mass(maps, boxes):
    shares = []
    for values, (top, left, height, width) in zip(maps, boxes, strict=True):
        values = np.abs(values)
        shares.append(values[top : top + height, left : left + width].sum() / values.sum())
    return float(np.mean(shares))


def _cases_hit_rate(draw):
    """Maps whose strongest pixel is where it tells one mistake from another."""
    small = np.array([[[0.1, -0.9, 0.2], [0.3, 0.4, 0.5]]])
    yield case(small, [(0, 1, 1, 2)])
    yield case(np.array([[[0.5, -2.0, 1.0]], [[3.0, 1.0, -0.5]]]), [(0, 1, 1, 2), (0, 1, 1, 1)])
    yield case(np.array([[[0.5], [-2.0], [1.0]]]), [(1, 0, 2, 1)])
    for count, h, w in ((5, 6, 9), (7, 9, 6), (6, 7, 11)):
        maps = draw.normal(count, h, w)
        boxes = []
        for k in range(count):
            top, left = draw.integer(0, 2), draw.integer(1, 3)
            height, width = draw.integer(2, h - 3), draw.integer(2, w - 4)
            if height == width:
                height += 1
            boxes.append((top, left, height, width))
            # Inside, on the far edges, just behind them, or anywhere; of both signs.
            row, column = [
                (top, left),
                (top + height - 1, left + width - 1),
                (min(top + height, h - 1), left),
                (top, min(left + width, w - 1)),
                (draw.integer(0, h - 1), draw.integer(0, w - 1)),
            ][(k + count) % 5]
            maps[k, row, column] = draw.choice(-9.0, 9.0) if k % 2 else -8.0
        yield case(maps, boxes)


hit_rate = Task(
    "hit_rate",
    _hit_rate,
    cases=_cases_hit_rate,
    lecture=LECTURE,
    section=TRUST,
    formula=_hit_rate_read,
    misunderstandings=mistakes(
        TRUST,
        [
            (
                "boxes read as (top, left, bottom, right)",
                "A box is (top, left, height, width).",
                {"inside": lambda r, c, t, le, h, w: t <= r < h and le <= c < w},
            ),
            (
                "boxes that end one pixel late",
                "Row top + height is the first one below the box.",
                {"inside": lambda r, c, t, le, h, w: t <= r <= t + h and le <= c <= le + w},
            ),
            (
                "boxes with height and width exchanged",
                "A box is (top, left, height, width): rows first.",
                {"inside": lambda r, c, t, le, h, w: t <= r < t + w and le <= c < le + h},
            ),
            (
                "the rows alone",
                "The pixel must lie in the box's columns, too.",
                {"inside": lambda r, c, t, le, h, w: t <= r < t + h},
            ),
        ],
        lambda change: _rated(**change),
    )
    + mistakes(
        TRUST,
        [
            (
                "the share of the map's mass in the box",
                "Asked for is how often the one strongest pixel lies in the box.",
                _mass,
            )
        ],
    ),
)
