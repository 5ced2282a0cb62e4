"""Computes in one process, with the whole batch and net, what `parallel` computes in several."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F

from course.devices.parallel import BATCH_SIZE, batches, column_weights, net
from course.small_net import load


def gradient(norm: str = "none", dtype: str = "float32", devices: int = 1) -> dict[str, np.ndarray]:
    """The gradient of the mean loss over the 64 digits of `parallel.gradient`."""
    kind = getattr(torch, dtype)
    x, y = load("train")
    model = net("batch" if norm == "sync" else norm, devices=devices).to(kind)
    F.cross_entropy(model(x[:BATCH_SIZE].to(kind)), y[:BATCH_SIZE]).backward()
    return {name: p.grad.numpy() for name, p in model.named_parameters()}


def train(norm: str = "none", steps: int = 22) -> dict[str, np.ndarray]:
    """The state of the net after the steps of `parallel.train`."""
    model = net("batch" if norm == "sync" else norm)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    for x, y in batches(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    return {name: value.numpy() for name, value in model.state_dict().items()}


def columns(devices: int = 2) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The scores and gradients of the net of `parallel.columns`: its second layer is grouped."""
    weights = {name: w.requires_grad_() for name, w in column_weights(devices).items()}
    x, y = (values[:BATCH_SIZE] for values in load("train"))
    x = F.max_pool2d(F.conv2d(x, weights["conv1"], padding=1).relu(), 2)
    x = F.conv2d(x, weights["conv2"], padding=1, groups=devices).relu()
    x = F.conv2d(x, weights["conv3"], padding=1).relu()
    scores = x.mean((2, 3)) @ weights["linear"]
    F.cross_entropy(scores, y).backward()
    return scores.detach().numpy(), {name: w.grad.numpy() for name, w in weights.items()}


def difference(got: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray]) -> float:
    """The largest difference of a parameter, over the largest value of that parameter.

    Where all that is expected is below 1e-6 there is nothing to compare with (a bias before a batch
    norm has a gradient of 0, and what is there is rounding): it is left out.
    """
    worst = 0.0
    for name, right in expected.items():
        largest = np.abs(right).max()
        if largest >= 1e-6:
            worst = max(worst, float(np.abs(got[name] - right).max() / largest))
    return worst
