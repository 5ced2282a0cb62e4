"""Draws a net from its module: a box for the output of each layer, arcs for what is carried past.

diagram.net(models.LeNet5(), (1, 32, 32))
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from torch import nn

from course.style import BLUE, VERMILION, panels, picture

# What changes no shape is written beside the layer before it, not drawn as a box of its own.
BESIDE = (nn.ReLU, nn.Tanh, nn.Sigmoid, nn.GELU, nn.SiLU, nn.BatchNorm2d, nn.Dropout)
BESIDE += (nn.LocalResponseNorm, nn.Identity, nn.Flatten, nn.Softmax)
POOLS = (nn.MaxPool2d, nn.AvgPool2d)
WORDS = {
    "Conv2d": "conv",
    "ConvTranspose2d": "conv transposed",
    "MaxPool2d": "max pool",
    "AvgPool2d": "average pool",
    "AdaptiveAvgPool2d": "average",
    "Linear": "linear",
    "BatchNorm2d": "norm",
    "LocalResponseNorm": "norm",
    "Add": "+",
    "Concat": "concat",
    "PadShortcut": "subsample, pad",
}
IN_A_ROW = 9  # boxes: more leave no room for letters that one can read


@dataclass
class Box:
    """The output of one layer, or of several alike.

    Attributes:
        words: what the layer does, "conv 3 × 3, stride 2".
        shape: of its output, without the batch.
        beside: what follows without changing the shape: "relu".
        times: how many layers alike stand here.
        reads: numbers of the boxes that it reads.
        shortcut: the box is a block that carries its input past itself.
        groups: into which a convolution divides its channels; a pooling behind it keeps them.
    """

    words: str
    shape: tuple[int, ...]
    reads: tuple[int, ...]
    beside: list[str] = field(default_factory=list)
    times: int = 1
    shortcut: bool = False
    groups: int = 1


def boxes(
    model: nn.Module, input_shape: Sequence[int], whole: Sequence[type] = (), training: bool = False
) -> list[Box]:
    """What a net computes, layer by layer, in the order of its calls; the input first.

    The net is run on the meta device, which takes neither memory nor time; it stays as it is.

    Args:
        model: any module; what is computed between modules (`a + b` in a forward method) is not
            seen.
        input_shape: (C, H, W) of one picture.
        whole: kinds of modules to be drawn as one box, with all that is in them.
        training: run the net in train mode, where it may have classifiers that it loses later.
    """
    model = copy.deepcopy(model).to("meta").train(training)
    x = torch.empty(1, *input_shape, device="meta")
    found = [Box("input", tuple(input_shape), ())]
    made = {_storage(x): 0}  # which box gave a tensor
    alive = [x]  # no tensor is freed, so no two have one address

    def hook(module, inputs, output):
        alive.append(output)
        reads = tuple(made[_storage(t)] for t in inputs if _storage(t) in made)
        if isinstance(module, BESIDE) and len(reads) == 1:
            if not isinstance(module, (nn.Identity, nn.Flatten, nn.Dropout)):
                found[reads[0]].beside.append(_words(module))
            made[_storage(output)] = reads[0]
            return
        made[_storage(output)] = len(found)
        box = Box(_words(module), tuple(output.shape[1:]), reads)
        box.shortcut = getattr(module, "shortcut", None) is not None
        kept = isinstance(module, POOLS) and len(reads) == 1
        box.groups = found[reads[0]].groups if kept else getattr(module, "groups", 1)
        found.append(box)

    handles = [module.register_forward_hook(hook) for module in _drawn(model, tuple(whole))]
    try:
        with torch.no_grad():
            model(x)
    finally:
        for handle in handles:
            handle.remove()
    return found


@picture
def net(
    model: nn.Module,
    input_shape: Sequence[int],
    title: str = "",
    whole: Sequence[type] = (),
    height: float = 2.4,
    training: bool = False,
) -> tuple[Figure, str]:
    """Draw a net: each box is an output, as high as its maps and as deep as its channels.

    Channels that are divided into groups stand in as many plates, behind one another.
    Layers alike that follow one another are one box, "× 3". What a layer reads besides the box
    before it comes by an arc: a shortcut.

    Args:
        model, input_shape, whole, training: as for `boxes`.
        title: above.
        height: inches of each row of boxes.
    """
    found = _merged(boxes(model, input_shape, whole, training))
    rows = math.ceil(len(found) / IN_A_ROW)
    in_a_row = math.ceil(len(found) / rows)
    labels = [_lines(box, dense=in_a_row > 6) for box in found]
    above = 0.72 + 0.18 * max(map(len, labels))
    carried = any(
        box.shortcut or min(box.reads, default=place) < place - 1 for place, box in enumerate(found)
    )
    below = 1.3 if carried else 0.85  # room for the arcs, if there are any
    height *= (above + below) / (above + 1.3)
    figure, axes = panels(rows=rows, height=height * rows + (0.3 if title else 0))
    highest = max(box.shape[-1] if len(box.shape) == 3 else 1 for box in found)
    # What makes a square map square: units of x for a unit of y. All shrink before boxes touch.
    square = height / (above + below) * max(in_a_row, 5) / 9
    shrink = min(1, 0.7 / square)
    arcs: dict[int, int] = {}  # the number of each box that is read from afar
    for place, box in enumerate(found):
        row, x = divmod(place, in_a_row)
        arrow = place - 1 in box.reads
        _draw(axes[row], x, box, labels[place], highest, square, shrink, arrow)
        for read in box.reads:
            if read < place - 1:
                # Two lines that run side by side lie at two heights.
                low = -1.12 - 0.13 * (arcs.setdefault(read, len(arcs)) % 2)
                _carry(axes, divmod(read, in_a_row), (row, x), in_a_row, low)
        if box.shortcut:
            _carry(axes, (row, x - 0.4), (row, x + 0.4), in_a_row, -1.05)
    for axis in axes:
        axis.set(xlim=(-0.6, max(in_a_row, 5) - 0.4), ylim=(-below, above))
        axis.axis("off")
    if title:
        figure.suptitle(title)
    return figure, f"{title or 'A net'}, from left to right: {'; '.join(map(_told, found))}."


def _drawn(model, whole):
    """The modules that a hook watches: the innermost ones, and those that are drawn as one."""
    found, inside = [], set()
    for module in model.modules():
        if module in inside:
            continue
        if isinstance(module, whole) or not any(module.children()):
            found.append(module)
            inside.update(module.modules())
    return found


def _words(module) -> str:
    kind = type(module).__name__
    words = WORDS.get(kind, kind.lower())
    size = getattr(module, "kernel_size", None)
    if size is None:
        return words
    rows, columns = (size, size) if isinstance(size, int) else size
    stride = module.stride if isinstance(module.stride, int) else module.stride[0]
    stepped = stride != 1 and not (kind.endswith("Pool2d") and stride == rows)
    groups = getattr(module, "groups", 1)
    return (
        f"{words} {rows} × {columns}"
        + (f", stride {stride}" if stepped else "")
        + (f", {groups} groups" if groups > 1 else "")
    )


def _merged(found: list[Box]) -> list[Box]:
    """Layers alike behind one another as one box, with the numbers of what is read set right."""
    merged, number = [found[0]], {0: 0}
    for place, (before, box) in enumerate(pairwise(found), 1):
        last = merged[-1]
        alike = (box.words, box.shape, box.beside) == (before.words, last.shape, last.beside)
        if alike and box.reads == (place - 1,) and _read_once(found, place - 1):
            last.times += 1
        else:
            merged.append(box)
        number[place] = len(merged) - 1
    for box in merged:
        box.reads = tuple(number[read] for read in box.reads)
    return merged


def _read_once(found, place) -> bool:
    return sum(place in box.reads for box in found) == 1


def _draw(axis, x, box, label, highest, square, shrink, arrow):
    """A cuboid for maps, a bar for a vector; the layer above it and the shape below."""
    if len(box.shape) == 3:
        channels, rows, columns = box.shape
        side = shrink * (0.12 + 0.68 * math.sqrt(rows / highest))
        wide = shrink * square * (0.12 + 0.68 * math.sqrt(columns / highest))
        deep = 0.025 * math.log2(channels + 1)
        shape = f"{channels}\n{rows} × {columns}"
    else:
        side, wide, deep = 0.065 * math.log2(box.shape[-1] + 1) + 0.05, 0.06, 0.0
        shape = " × ".join(map(str, box.shape))
    look = {"facecolor": "#dbe9f4", "edgecolor": BLUE, "linewidth": 1.2, "closed": True}
    left, low = x - wide / 2, -side / 2
    plates = box.groups if 1 < box.groups <= 4 else 1  # more could not be told apart
    deep, gap = deep / plates, 0.07
    for plate in reversed(range(plates)):  # the front one hides what is behind it
        near = plate * (deep + gap)
        far = near + deep
        corners = [(left, low), (left + wide, low), (left + wide, low + side), (left, low + side)]
        front, back = (
            [(u + depth, v + depth / max(square, 0.4)) for u, v in corners] for depth in (near, far)
        )
        axis.add_patch(Polygon([front[3], front[2], back[2], back[3]], **look))
        axis.add_patch(Polygon([front[1], back[1], back[2], front[2]], **look))
        axis.add_patch(Polygon(front, **look))
    axis.text(x, 0.72, "\n".join(label), ha="center", va="bottom", fontsize=10)
    axis.text(x, -0.5, shape, ha="center", va="top", fontsize=10)
    if arrow:
        axis.annotate("", (left - 0.03, 0), (left - 0.2, 0), arrowprops={"arrowstyle": "->"})


def _lines(box: Box, dense: bool) -> list[str]:
    """What stands above a box; where boxes are dense, a long kind has its size on a line below."""
    times = [f"× {box.times}"] if box.times > 1 else []
    kind, *more = box.words.split(", ")
    if dense and len(kind) > 12 and "×" in kind:
        kind = " ".join(kind.split(" ")[:-3]) + "\n" + " ".join(kind.split(" ")[-3:])
    return [*kind.split("\n"), *more, *dict.fromkeys(box.beside), *times]


def _carry(axes, source, target, in_a_row, low):
    """A line under the boxes, from one box to a later one, over the end of a row if it must."""
    (first, start), (last, end) = source, target
    line = {"color": VERMILION, "lw": 1.8, "ls": "-", "clip_on": False}
    top = -0.96  # below the words under the boxes
    if first != last:
        axes[first].plot([start, start, in_a_row - 0.45], [top, low, low], **line)
        axes[last].plot([-0.55, end], [low, low], **line)
    else:
        axes[last].plot([start, start, end], [top, low, low], **line)
    axes[last].annotate("", (end, top), (end, low), arrowprops={"arrowstyle": "->", **_arrow(line)})


def _arrow(line):
    return {"color": line["color"], "lw": line["lw"], "shrinkA": 0, "shrinkB": 0}


def _told(box: Box) -> str:
    beside = f" with {', '.join(dict.fromkeys(box.beside))}" if box.beside else ""
    times = f" {box.times} times" if box.times > 1 else ""
    carried = ", its input carried past it and added" if box.shortcut else ""
    return f"{box.words}{times}{beside}{carried}, giving {' by '.join(map(str, box.shape))}"


def _storage(tensor):
    return tensor.untyped_storage()._cdata
