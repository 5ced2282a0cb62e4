"""Trains small nets with and without batch norm: rates, the company of a batch, noise.

python -m course.normalisation.experiment --threads 1 --out benchmarks/results/normalisation
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from course import runs, training
from course.small_net import load

DEPTH, CHANNELS, BATCH_SIZE = 6, 16, 64
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
LEVELS = (0.3, 1.0)
KEYS = ("experiment", "norm", "lr", "level", "what")  # what tells results apart, but the seed
BATCHES = (297, 64, 16, 4, 1)
SETTINGS = {
    "data": "scikit-learn digits, 1,500 to train and 297 to test",
    "depth": DEPTH,
    "channels": CHANNELS,
    "batch_size": BATCH_SIZE,
    "rates": {"epochs": 3, "momentum": 0, "lr": RATES},
    "longer": {"epochs": 20, "momentum": 0.9, "lr": {"none": 0.03, "batch": 0.1}},
    "company": {"epochs": 8, "momentum": 0.9, "lr": 0.05},
    "company, weaker nets": {"depth": 8, "epochs": 5, "momentum": 0, "lr": 0.1},
    "noise": {"epochs": 4, "momentum": 0.9, "lr": 0.05, "levels": LEVELS},
}


class NoisyBatchNorm2d(nn.BatchNorm2d):
    """Batch norm whose output is stretched and shifted at random in training, step by step.

    Per channel: times 1 ± level/2, plus ± level, uniformly. None in eval mode.
    """

    def __init__(self, num_features: int, level: float):
        super().__init__(num_features)
        self.level = level

    def forward(self, input: Tensor) -> Tensor:
        y = super().forward(input)
        if not self.training:
            return y
        scale, shift = 2 * torch.rand(2, 1, y.shape[1], 1, 1) - 1
        return y * (1 + self.level / 2 * scale) + self.level * shift


def net(norm: str = "batch", level: float = 0.0, depth: int = DEPTH) -> nn.Sequential:
    """3x3 convolutions of 16 channels, one in the middle with stride 2, global mean, linear to 10.

    Args:
        norm: "batch", or "none": then the convolutions have a bias.
        level: of the noise behind each batch norm.
        depth: how many convolutions.
    """
    layers: list[nn.Module] = []
    for place in range(depth):
        stride, inputs = 1 + (place == depth // 2), CHANNELS if place else 1
        conv = nn.Conv2d(inputs, CHANNELS, 3, stride, 1, bias=norm == "none")
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        layers.append(conv)
        if norm == "none":
            nn.init.zeros_(conv.bias)
        elif level:
            layers.append(NoisyBatchNorm2d(CHANNELS, level))
        else:
            layers.append(nn.BatchNorm2d(CHANNELS))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(CHANNELS, 10))


def train(
    model: nn.Sequential, *, lr: float, epochs: int, momentum: float, seed: int = 0
) -> dict[str, float]:
    """SGD in batches of 64, the incomplete last one dropped.

    Returns:
        "loss": the mean of the last epoch; "drift": how far the mean of a channel that enters the
        fourth rectifier moves from step to step, in its standard deviations.
    """
    x, y = load("train")
    relu = [layer for layer in model if isinstance(layer, nn.ReLU)][3]
    means, deviations = [], []

    def watch(_, inputs):
        (value,) = inputs
        means.append(value.detach().mean((0, 2, 3)))
        deviations.append(value.detach().std((0, 2, 3)))

    handle = relu.register_forward_pre_hook(watch)
    settings = {"lr": lr, "momentum": momentum, "weight_decay": 0.0, "batch_size": BATCH_SIZE}
    history = training.train(model, x, y, epochs, progress=False, seed=seed, **settings)
    handle.remove()
    moved = torch.stack(means).diff(dim=0).abs() / torch.stack(deviations)[1:].clamp(min=1e-8)
    return {"loss": history[-1]["loss"], "drift": moved.mean().item()}


@torch.no_grad()
def accuracy(
    model: nn.Module, training: bool = False, batch_size: int = 297, by_class: bool = False
) -> float:
    """Percent of right answers on the test digits.

    Args:
        training: leave the net in training mode, as one does who forgets `eval()`.
        batch_size: digits that are asked together.
        by_class: ask all digits of one class together instead.
    """
    x, y = load("test")
    batches = [(y == k).nonzero()[:, 0] for k in range(10)]
    if not by_class:
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
        batches = list(order.split(batch_size))
    kept = {name: value.clone() for name, value in model.state_dict().items()}
    model.train(training)
    right = sum((model(x[b]).argmax(1) == y[b]).sum().item() for b in batches)
    model.load_state_dict(kept)  # a pass in training mode has moved the running statistics
    return 100 * right / len(x)


def plans(seeds: Sequence[int]) -> Iterator[tuple[str, str, float, float, int]]:
    """Every training run: (experiment, norm, lr, level, seed)."""
    for seed in seeds:
        for norm in ("none", "batch"):
            yield from (("rates", norm, lr, 0.0, seed) for lr in RATES)
            yield "longer", norm, SETTINGS["longer"]["lr"][norm], 0.0, seed
            yield "noise", norm, 0.05, 0.0, seed
        yield from (("noise", "batch", 0.05, level, seed) for level in LEVELS)
        for experiment in ("company", "company, weaker nets"):
            yield experiment, "batch", SETTINGS[experiment]["lr"], 0.0, seed


def measure(experiment: str, norm: str, lr: float, level: float, seed: int) -> dict[str, float]:
    """Train one net and measure what its experiment asks: {what: value}."""
    torch.manual_seed(seed)
    how = SETTINGS[experiment]
    model = net(norm, level, how.get("depth", DEPTH))
    found = train(model, lr=lr, epochs=how["epochs"], momentum=how["momentum"], seed=seed)
    if experiment != "noise":
        found = {}
    found["test, eval mode"] = accuracy(model)
    if experiment.startswith("company"):
        for size in BATCHES:
            found[f"test, training mode, batches of {size}"] = accuracy(model, True, size)
        found["test, training mode, one class at a time"] = accuracy(model, True, by_class=True)
    return found


def run(
    out: Path, seeds: Sequence[int] = (0, 1, 2), *, progress: bool = True, command: str = ""
) -> list[dict]:
    """Make all runs that results.csv does not have yet.

    Returns:
        The rows: experiment, norm, lr, level, seed, what, value; accuracies in percent.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    runs.settle(out, SETTINGS, "cpu", command)

    def measured(*plan) -> Iterator[dict]:
        for what, value in measure(*plan).items():
            yield {"what": what, "value": value}

    columns = ("experiment", "norm", "lr", "level", "seed")
    return runs.resume(out, columns, plans(seeds), measured, progress)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.normalisation.experiment", __doc__, "runs/normalisation")
    runs.execute(parser, arguments, run, KEYS, "value")


if __name__ == "__main__":
    main()
