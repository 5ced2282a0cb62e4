"""Builds a deep net of equal blocks as it is described, trains it, and judges what became of it."""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor, nn

from course.checking.by_property import PropertyTask
from course.checking.mistakes import mistakes

DEPTH = 30  # linear layers in the blocks, at least
BUDGET = 4000  # learnt numbers, at most
WANTED = 95  # percent of the training points that the trained net gets right, at least
STEPS, RATE, MOMENTUM = 60, 0.05, 0.9
POINTS, TURNS = 128, 1.0
KINDS = ("linear", "relu", "tanh", "batch norm", "layer norm")
KEYS = ("width", "blocks", "branch", "shortcut", "scale", "after")


def _read(result) -> tuple:
    """The design as a tuple in the order of KEYS; ValueError says what is none."""
    if not isinstance(result, dict) or set(result) != set(KEYS):
        raise ValueError(f"the result must be a dictionary with the entries {', '.join(KEYS)}")
    for key, most in (("width", 64), ("blocks", 100)):
        if type(result[key]) is not int or not 1 <= result[key] <= most:
            raise ValueError(f'"{key}" must be an integer of 1 to {most}, got {result[key]!r}')
    for key in ("branch", "after"):
        kinds = result[key]
        if not isinstance(kinds, tuple) or len(kinds) > 10 or any(k not in KINDS for k in kinds):
            raise ValueError(f'"{key}" must be a list of at most 10 of {KINDS}, got {kinds!r}')
    if not 1 <= result["branch"].count("linear") <= 4 or "linear" in result["after"]:
        raise ValueError('a "branch" has 1 to 4 layers that are linear, and "after" has none')
    if type(result["shortcut"]) is not bool:
        raise ValueError(f'"shortcut" must be True or False, got {result["shortcut"]!r}')
    scale = result["scale"]
    if type(scale) not in (int, float) or not math.isfinite(scale):
        raise ValueError(f'"scale" must be a number, got {scale!r}')
    return tuple(result[key] for key in KEYS)


def _layer(kind: str, width: int) -> nn.Module:
    if kind == "linear":
        layer = nn.Linear(width, width)
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
        return layer
    return {
        "relu": nn.ReLU,
        "tanh": nn.Tanh,
        "batch norm": lambda: nn.BatchNorm1d(width),
        "layer norm": lambda: nn.LayerNorm(width),
    }[kind]()


class Block(nn.Module):
    """after(x + scale * branch(x)), without x where there is no shortcut."""

    def __init__(self, width, branch, shortcut, scale, after):
        super().__init__()
        self.branch = nn.Sequential(*(_layer(kind, width) for kind in branch))
        self.after = nn.Sequential(*(_layer(kind, width) for kind in after))
        self.shortcut, self.scale = shortcut, scale

    def forward(self, x: Tensor) -> Tensor:
        y = self.scale * self.branch(x)
        return self.after(x + y if self.shortcut else y)


def net(design: tuple, seed: int = 0) -> nn.Sequential:
    """The net of a design: points (N, 2) to scores (N, 2)."""
    width, blocks, *block = design
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        body = [Block(width, *block) for _ in range(blocks)]
        return nn.Sequential(nn.Linear(2, width), *body, nn.Linear(width, 2))


def spirals(seed: int) -> tuple[Tensor, Tensor]:
    """Points (N, 2) of two spirals, and which of the two they are on."""
    draw = torch.Generator().manual_seed(seed)
    radius = torch.rand(POINTS, generator=draw).sqrt()
    label = torch.arange(POINTS) % 2
    angle = 2 * torch.pi * TURNS * radius + torch.pi * label
    x = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
    return 2 * (x + 0.02 * torch.randn(POINTS, 2, generator=draw)), label


@functools.lru_cache(maxsize=32)
def trained(design: tuple, seed: int) -> tuple[float, float]:
    """(the loss at the end, percent of the points that are right); NaN where it has grown."""
    x, label = spirals(seed)
    model = net(design, seed)
    optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM)
    for _ in range(STEPS):
        loss = nn.functional.cross_entropy(model(x), label)
        if not math.isfinite(loss.item()):
            return math.nan, 0.0
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        scores = model(x)
    right = 100 * (scores.argmax(1) == label).float().mean().item()
    return nn.functional.cross_entropy(scores, label).item(), right


def _depth(design: tuple) -> int:
    return design[1] * design[2].count("linear")


def _size(design: tuple) -> int:
    return sum(p.numel() for p in net(design).parameters())


def _is_deep(result):
    found = _depth(_read(result))
    return "" if found >= DEPTH else f"{found} linear layers in the blocks, at least {DEPTH}"


def _is_small(result):
    found = _size(_read(result))
    return "" if found <= BUDGET else f"{found:,} learnt numbers, at most {BUDGET:,} are allowed"


def _is_alone(result):
    model, (x, _) = net(_read(result)), spirals(0)
    with torch.no_grad():
        change = (model(x[:2]) - model(x)[:2]).abs().max().item()
    says = "in training, the scores of two points change with the other points of their batch"
    return says if change > 1e-3 else ""


def _learns(seed: int):
    def judge(result):
        loss, right = trained(_read(result), seed)
        if right >= WANTED:
            return ""
        if math.isnan(loss):
            return f"the loss has grown beyond all numbers within {STEPS} steps"
        return f"{right:.0f} % of the points are right after {STEPS} steps, at least {WANTED} %"

    return judge


SHORTCUT, BETTER, ORDER = (
    "The shortcut",
    "A deeper net can be no worse",
    "Before or after the activation",
)
# The reasons for which a design falls short. The first one counts.
REASONS = [
    (
        "points that are normalised with their batch",
        "A batch norm looks at the other points: layer norm looks at the point's own numbers.",
        lambda d: "batch norm" in d[2] + d[5],
        ORDER,
    ),
    (
        "a net that is not deep enough",
        "Count the linear layers of the branches: blocks times layers in each.",
        lambda d: _depth(d) < DEPTH,
    ),
    (
        "blocks that are too wide",
        "A linear layer has width * width weights and as many biases as it is wide.",
        lambda d: _size(d) > BUDGET and d[0] > 11,
    ),
    (
        "more layers than the budget pays for",
        "Thirty layers are enough: the budget is for those.",
        lambda d: _size(d) > BUDGET,
    ),
    (
        "a net that is linear",
        "Without a rectifier or tanh all layers together are one matrix.",
        lambda d: not {"relu", "tanh"} & {*d[2], *d[5]},
        BETTER,
    ),
    (
        "a plain net",
        "Without a shortcut nothing of the gradient arrives as it was sent.",
        lambda d: not d[3],
    ),
    (
        "something on the way of the shortcut",
        'What stands "after" stands between all blocks: a signal passes it fifteen times.',
        lambda d: len(d[5]) > 0,
        ORDER,
    ),
    (
        "branches that hardly say anything",
        "With a small scale each block copies its input, and learns as slowly.",
        lambda d: abs(d[4]) < 0.2,
        BETTER,
    ),
    (
        "sums that grow from block to block",
        "Each block adds as much as comes in: normalise what a branch reads, or scale what it "
        "adds.",
        lambda d: abs(d[4]) >= 0.4 and "layer norm" not in d[2],
        ORDER,
    ),
    (
        "blocks that are too narrow",
        "The budget pays for more: a few numbers have to carry the whole drawing.",
        lambda d: d[0] < 8,
    ),
]


def design_task(name: str, lecture: str) -> PropertyTask:
    """The task: a net of thirty layers that learns two spirals in sixty steps."""

    def questions(seed):
        return {
            "its depth": _is_deep,
            "its learnt numbers": _is_small,
            "a point and its company": _is_alone,
            "what it has learnt": _learns(seed),
        }

    return PropertyTask(
        name,
        questions(0),
        hidden=questions(1),
        lecture=lecture,
        section=SHORTCUT,
        misunderstandings=mistakes(
            SHORTCUT, REASONS, lambda is_it: lambda result: is_it(_read(result))
        ),
    )
