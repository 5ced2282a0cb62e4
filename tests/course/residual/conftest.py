"""What the tests of residual nets share: written digits, nets small enough for them, and runs."""

import pytest
import torch

from course import datasets

ROWS = [
    {"kind": kind, "depth": depth, "seed": seed, "epoch": epoch, "train_error": 90 / epoch + seed}
    for kind, depth in [("plain", 8), ("residual", 56)]
    for seed in (0, 2)
    for epoch in (1, 2, 3)
]
DIGITS = {"widths": (8, 16, 32), "in_channels": 1}


def numel(model):
    return sum(p.numel() for p in model.parameters())


@pytest.fixture(scope="module")
def digits():
    train = datasets.digits("train")
    return torch.from_numpy(datasets.standardise(train)), torch.from_numpy(train.labels)
