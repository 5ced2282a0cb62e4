"""Trains a net and measures it: its error, and the norms of its gradients."""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

Augment = Callable[[Tensor, torch.Generator], Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]


class Training:
    """SGD with momentum and weight decay, or Adam, one epoch at a time.

    Everything that the next epoch depends on is in `state_dict()`: a training that is stopped,
    loaded and continued gives the same numbers as one that was not.

    Args:
        model: gives (N, K) from a batch of x, or (N, K, H, W) where each pixel has a class.
        x: (N, ...) float, on any device: it is moved to the model's.
        y: (N,) or (N, H, W) int64, the classes.
        lr, momentum, weight_decay: as in torch.optim.SGD. Adam keeps torch's own betas.
        adam: learn by Adam instead.
        batch_size: images a step.
        drop_last: an epoch leaves out what does not fill a batch (other images each time).
        milestones: epochs at which the rate is multiplied by `gamma`, counted from 0.
        cosine: a number of epochs, over which the rate falls to 0 along half a cosine, at each
            step; None for steps at the milestones.
        seed: of the order of the images.
        augment: None, or a function (batch, torch.Generator) -> batch.
        loss: a function (what the model gives, classes) -> a mean.
    """

    def __init__(
        self,
        model: nn.Module,
        x: Tensor,
        y: Tensor,
        *,
        lr: float = 0.05,
        momentum: float = 0.9,
        weight_decay: float = 1e-4,
        adam: bool = False,
        batch_size: int = 128,
        drop_last: bool = True,
        milestones: Sequence[int] = (),
        gamma: float = 0.1,
        cosine: int | None = None,
        seed: int = 0,
        augment: Augment | None = None,
        loss: Loss = F.cross_entropy,
    ):
        if len(x) != len(y):
            raise ValueError(f"y must have {len(x)} classes, one for each of x, got {len(y)}")
        self.device = next(model.parameters()).device
        self.model = model
        self.x, self.y = x.to(self.device), y.to(self.device)
        self.batch_size = min(batch_size, len(x))
        self.lr, self.milestones, self.gamma = lr, tuple(milestones), gamma
        self.augment, self.loss, self.drop_last = augment, loss, drop_last
        if adam:
            self.optimizer = torch.optim.Adam(model.parameters(), lr, weight_decay=weight_decay)
        else:
            self.optimizer = torch.optim.SGD(
                model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay
            )
        self.schedule = cosine and torch.optim.lr_scheduler.CosineAnnealingLR(
            self.optimizer, cosine * self.steps
        )
        # On the CPU, so that a seed means the same order on every device.
        self.generator = torch.Generator().manual_seed(seed)
        self.epoch = 0

    @property
    def steps(self) -> int:
        """Steps in an epoch."""
        full, remainder = divmod(len(self.x), self.batch_size)
        return full + (remainder > 0 and not self.drop_last)

    def run_epoch(self, on_step: Callable[[], object] | None = None) -> dict | None:
        """Train one epoch.

        Args:
            on_step: called after each step without arguments; a true result stops the epoch.

        Returns:
            {"epoch" (from 1), "loss", "train_error" (percent, the running mean in train mode),
            "lr" (at its beginning), "seconds"}; None if the epoch was stopped.
        """
        start = time.perf_counter()
        if not self.schedule:
            rate = self.lr * self.gamma ** sum(self.epoch >= m for m in self.milestones)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
        rate = self.optimizer.param_groups[0]["lr"]
        self.model.train()
        order = torch.randperm(len(self.x), generator=self.generator).to(self.device)
        # Summed on the device: reading a number from a GPU at each step would make it wait.
        loss_sum = torch.zeros((), device=self.device)
        wrong, asked = torch.zeros((), device=self.device, dtype=torch.int64), 0
        for i in range(self.steps):
            chosen = order[i * self.batch_size : (i + 1) * self.batch_size]
            batch, classes = self.x[chosen], self.y[chosen]
            if self.augment:
                batch = self.augment(batch, self.generator)
            scores = self.model(batch)
            loss = self.loss(scores, classes)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            if self.schedule:
                self.schedule.step()
            loss_sum += loss.detach()
            wrong += (scores.detach().argmax(1) != classes).sum()
            asked += classes.numel()
            if on_step and on_step():
                return None
        self.epoch += 1
        return {
            "epoch": self.epoch,
            "loss": loss_sum.item() / self.steps,
            "train_error": 100 * wrong.item() / asked,
            "lr": rate,
            "seconds": time.perf_counter() - start,
        }

    def state_dict(self) -> dict:
        """All that the next epoch depends on."""
        return {
            "epoch": self.epoch,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule and self.schedule.state_dict(),
            "generator": self.generator.get_state(),
        }

    def load_state_dict(self, state: dict) -> None:
        """Go on from where `state_dict()` was taken."""
        self.epoch = state["epoch"]
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule:
            self.schedule.load_state_dict(state["schedule"])
        self.generator.set_state(state["generator"])


def train(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    epochs: int,
    *,
    progress: bool = True,
    name: str = "training",
    stop: Callable[[], object] | None = None,
    **settings: Any,
) -> list[dict]:
    """Train a net and give its history.

    Args:
        model, x, y, settings: as in `Training`.
        epochs: how many.
        progress: show a bar, on stdout: nbgrader gives a cell that writes to stderr no points.
        name: what the bar is called.
        stop: called after each step without arguments; a true result ends the training there.

    Returns:
        A list of `Training.run_epoch`'s dicts, one for each epoch that was finished.
    """
    training = Training(model, x, y, **settings)
    history = []
    with tqdm(
        total=epochs * training.steps,
        desc=name,
        file=sys.stdout,
        disable=not progress,
        mininterval=0.5,
    ) as bar:

        def on_step():
            bar.update()
            return stop is not None and stop()

        while len(history) < epochs:
            row = training.run_epoch(on_step)
            if row is None:
                break
            history.append(row)
            bar.set_postfix(loss=f"{row['loss']:.3f}", error=f"{row['train_error']:.1f} %")
    return history


@torch.no_grad()
def error(model: nn.Module, x: Tensor, y: Tensor, batch_size: int = 1000) -> float:
    """Percent of wrong answers in eval mode. The model is left in the mode it was in.

    For a deep plain net early in training this number is erratic, as batch norm's running
    statistics lag behind: compare training errors in train mode (`Training.run_epoch`).
    """
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    wrong = sum(
        (model(a.to(device)).argmax(1) != b.to(device)).sum().item()
        for a, b in zip(x.split(batch_size), y.split(batch_size), strict=True)
    )
    model.train(was_training)
    return 100 * wrong / len(x)


def gradient_norms(model: nn.Module, x: Tensor, y: Tensor) -> list[tuple[str, float]]:
    """The norm of the loss's gradient by the weights of each convolution, from input to output.

    In train mode, on a copy: the model, its gradients and its running statistics stay as they are.

    Args:
        model: a net.
        x: (N, ...), a batch.
        y: (N,) int64.

    Returns:
        A list of (name of the layer, norm). Projection shortcuts are left out.
    """
    model = copy.deepcopy(model).train()
    device = next(model.parameters()).device
    model.zero_grad()
    F.cross_entropy(model(x.to(device)), y.to(device)).backward()
    return [
        (name, module.weight.grad.norm().item())
        for name, module in model.named_modules()
        if isinstance(module, nn.Conv2d) and ".shortcut" not in name
    ]
