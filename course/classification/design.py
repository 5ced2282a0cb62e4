"""Builds a net from a list of layers, trains it by one fixed recipe, and judges what it can do.

The list is plain data, so that a net which a student describes is built and trained here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from course import datasets
from course.checking import Case, Draw, Misunderstanding, Verdict, case
from course.checking.by_property import PropertyTask
from course.checking.trial import Trial
from course.training import error, train

BUDGET = 30_000  # parameters
WANTED = 95.0  # percent of the held-out digits
EPOCHS = 12
RECIPE = {
    **{"lr": 0.05, "milestones": (8,), "momentum": 0.9, "weight_decay": 5e-4},
    "batch_size": 50,
}
SEEDS = 2  # trainings that the accuracy is a mean of
CLASSES = 10

# What a layer may be: its class, where the number of inputs follows from what comes in.
LAYERS = {
    "Conv2d": nn.LazyConv2d,
    "Linear": nn.LazyLinear,
    "BatchNorm1d": nn.LazyBatchNorm1d,
    "BatchNorm2d": nn.LazyBatchNorm2d,
    **{
        kind: getattr(nn, kind)
        for kind in (
            *("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Dropout"),
            *("MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "Flatten"),
            *("Dropout2d", "GroupNorm"),
        )
    },
}
ACTIVATIONS = ("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Tanh", "Sigmoid")


@functools.cache
def _digits():
    """(x_train, y_train, x_test, y_test) of the digits, standardised by the training part."""
    parts = datasets.digits("train"), datasets.digits("test")
    x, x_test = (torch.from_numpy(datasets.standardise(part, by=parts[0])) for part in parts)
    y, y_test = (torch.tensor(part.labels) for part in parts)
    return x, y, x_test, y_test


class Concat(nn.Module):
    """Puts the output of an earlier layer beside what comes in, as more channels.

    Args:
        layer: its place in the list, from 0.
    """

    def __init__(self, layer: int):
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor, outputs: Sequence[Tensor]) -> Tensor:
        if type(self.layer) is not int or not 0 <= self.layer < len(outputs):
            raise ValueError(f"layer must be one of the {len(outputs)} before, got {self.layer!r}")
        return torch.cat([x, outputs[self.layer]], 1)


class Layers(nn.Sequential):
    """Layers one after the other, of which a `Concat` reads an earlier one, too."""

    def forward(self, x: Tensor) -> Tensor:
        outputs: list[Tensor] = []
        for module in self:
            outputs.append(module(x, outputs) if isinstance(module, Concat) else module(x))
            x = outputs[-1]
        return x


def build(
    layers: Sequence,
    seed: int = 0,
    *,
    kinds: Mapping[str, Callable[..., nn.Module]] = LAYERS,
    input_shape: Sequence[int] = (1, 8, 8),
    output_shape: Sequence[int] = (CLASSES,),
) -> Layers:
    """Make the net that a list of layers describes, for digits (N, 1, 8, 8) if not told otherwise.

    Args:
        layers: pairs of a kind and its options, as ("Conv2d", {"out_channels": 16,
            "kernel_size": 3}). Kinds and options are those of torch.nn; how many channels or
            features come in is not said, it follows.
        seed: of the first weights.
        kinds: what a layer may be.
        input_shape, output_shape: without the batch.

    Raises:
        ValueError: a kind is not known, options do not fit, or the result has another shape.
    """
    modules = []
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(f"the design must be a list of layers, got {type(layers).__name__}")
    for place, layer in enumerate(layers):
        if not isinstance(layer, (list, tuple)) or len(layer) != 2:
            raise ValueError(f"layer {place} must be a pair (kind, options), got {layer!r}")
        kind, options = layer
        if kind not in kinds:
            raise ValueError(f"layer {place} must be one of {', '.join(kinds)}, got {kind!r}")
        try:
            modules.append(kinds[kind](**options))
        except TypeError as problem:
            raise ValueError(f"layer {place}, {kind}: {problem}") from None
    net, outputs = Layers(*modules), []
    x, shape = torch.zeros(2, *input_shape), (2, *input_shape)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for place, module in enumerate(net):
            try:
                x = module(x, outputs) if isinstance(module, Concat) else module(x)
            except (RuntimeError, ValueError) as problem:
                first = str(problem).splitlines()[0]
                kind = layers[place][0]
                raise ValueError(f"layer {place}, {kind}, on an input {shape}: {first}") from None
            outputs.append(x)
            shape = tuple(x.shape)
    if shape != (2, *output_shape):
        wanted, got = (", ".join(["N", *map(str, s)]) for s in (output_shape, shape[1:]))
        raise ValueError(f"the scores must have shape ({wanted}), got ({got})")
    # The trial run has moved the running statistics of batch norm.
    for module in net.modules():
        if hasattr(module, "reset_running_stats"):
            module.reset_running_stats()
    return net


def parameters(layers: Sequence) -> int:
    """Count the parameters of a design."""
    return sum(p.numel() for p in build(layers).parameters())


def held_out_accuracy(layers: Sequence, seed: int = 0) -> float:
    """Train a design and test it on the held-out digits: percent of right answers.

    Args:
        layers: as for `build`.
        seed: of the first weights and of the order of the pictures.
    """
    x, y, x_test, y_test = _digits()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = build(layers, seed)
        train(net, x, y, EPOCHS, progress=False, seed=seed, **RECIPE)
    return 100 - error(net, x_test, y_test)


def kinds(layers: Any) -> list[str]:
    """The kinds of a design's layers, in their order."""
    return [kind for kind, _ in layers]


def _shrinks_before_second(layers) -> bool:
    """Is there a pooling before the second convolution, or a stride in the first?"""
    second = [place for place, kind in enumerate(kinds(layers)) if kind == "Conv2d"][1]
    return any(
        kind in ("MaxPool2d", "AvgPool2d") or options.get("stride", 1) != 1
        for kind, options in layers[:second]
    )


# The reasons for which a design falls short, each told by its layers alone. The first one counts.
REASONS = [
    Misunderstanding(
        "an activation at the end",
        "The loss takes scores of any sign and size: nothing comes after the last linear layer.",
        "What a mistake costs",
        lambda layers: kinds(layers)[-1] in ACTIVATIONS,
    ),
    Misunderstanding(
        "a net without a convolution",
        "A linear layer does not know which pixels are neighbours: look through convolutions.",
        "What a convolution wins",
        lambda layers: "Conv2d" not in kinds(layers),
    ),
    Misunderstanding(
        "a net without an activation",
        "Linear layers in a row are one linear layer: put an activation between them.",
        "A net for digits, layer by layer",
        lambda layers: not set(ACTIVATIONS) & set(kinds(layers)),
    ),
    Misunderstanding(
        "a net with one convolution",
        "One convolution sees single strokes: let a second one see what the first found.",
        "A net for digits, layer by layer",
        lambda layers: kinds(layers).count("Conv2d") == 1,
    ),
    Misunderstanding(
        "a dropout that is too strong for so short a training",
        "With half or more of the values gone, twelve epochs are not enough: lower p.",
        "Reading the curves",
        lambda layers: any(
            kind.startswith("Dropout") and options.get("p", 0.5) >= 0.5 for kind, options in layers
        ),
    ),
    Misunderstanding(
        "a net of logistic units",
        "The logistic function is flat where it is sure: gradients fade. Take ReLU.",
        "The first weights",
        lambda layers: "Sigmoid" in kinds(layers),
    ),
    Misunderstanding(
        "a net that is too narrow",
        "There is room in the budget: give the convolutions more channels.",
        "A net for digits, layer by layer",
        lambda layers: (
            max(options.get("out_channels", 0) for kind, options in layers if kind == "Conv2d") < 12
        ),
    ),
    Misunderstanding(
        "a net that pools too early",
        "Eight pixels are few: convolve twice before the first pooling or stride.",
        "A net for digits, layer by layer",
        lambda layers: _shrinks_before_second(layers),
    ),
]
TOO_LARGE = Misunderstanding(
    "a net that is too large",
    f"Count: at most {BUDGET:,} parameters. Most of them sit in the first linear layer.",
    "A net for digits, layer by layer",
    lambda layers: parameters(layers) > BUDGET,
)


class DesignTask(PropertyTask):
    """A net to design: judged by what it is able to do, not by what it is.

    The student's function gives a list of layers. One case asks for the budget, one trains the net
    and asks for what it reaches. Another contest is a subclass.

    Attributes:
        budget: parameters at most.
        wanted: percent at least, the mean of `trainings` trainings.
        parameters, measure: of (layers), of (layers, seed).
        tested, reached: the contest, in words.
        reasons: for which a design falls short; the first that fits is told.
    """

    budget, wanted, trainings = BUDGET, WANTED, SEEDS
    parameters, measure = staticmethod(parameters), staticmethod(held_out_accuracy)
    tested, reached = "held-out digits", "of the held-out digits are right"
    reasons: Sequence[Misunderstanding] = (TOO_LARGE, *REASONS)

    def __init__(self, name: str, *, lecture: str, section: str):
        super().__init__(name, {}, lecture=lecture, section=section, misunderstandings=self.reasons)

    def all_cases(self, seed: int | None = None) -> list:
        """The two cases; the training's own seed is drawn."""
        draw = Draw(0 if seed is None else seed)
        return [case("parameters"), case(draw.integer(0, 10**6))]

    def describe(self, tried: Any) -> str:
        """What a case asks for."""
        (asked,) = tried.args
        if asked == "parameters":
            return f"{self.name}(), its parameters"
        return f"{self.name}(), trained and tested on {self.tested}"

    def judged(self, trial: Trial, asked_for: Case) -> Verdict:
        """What is wrong with the net: too large, or not accurate enough."""
        done = trial.call(case())
        if done.out_of_time or done.error:
            return trial.verdict(case(), done)
        (asked,) = asked_for.args
        layers = done.result
        try:
            count = self.parameters(layers)
        except (ValueError, TypeError) as problem:
            return Verdict("raised", f"no net can be made of it: {problem}", printed=done.printed)
        verdict = Verdict("passed", result=layers, printed=done.printed)
        if asked == "parameters":
            if count > self.budget:
                verdict.kind = "values"
                verdict.says = f"{count:,} parameters, at most {self.budget:,} are allowed"
        elif count > self.budget:
            verdict.kind, verdict.says = "not run", "not trained: it has too many parameters"
        else:
            found = []
            # Once the others could not make up for it, no more are trained.
            while (remaining := self.trainings - len(found)) and (
                sum(found) + 100 * remaining >= self.trainings * self.wanted
            ):
                found.append(self.measure(layers, asked + len(found)))
            mean = float(np.mean(found))
            if mean < self.wanted:
                of = f"the mean of {len(found)} trainings" if len(found) > 1 else "in one training"
                verdict.kind = "values"
                verdict.says = f"{mean:.1f} % {self.reached}, {of}; {self.wanted:g} % are asked for"
        return verdict
