"""What the tests of residual nets share: written digits, and nets small enough for them."""

import pytest
import torch

from course import datasets

DIGITS = {"widths": (8, 16, 32), "in_channels": 1}


def numel(model):
    return sum(p.numel() for p in model.parameters())


@pytest.fixture(scope="module")
def digits():
    train = datasets.digits("train")
    return torch.from_numpy(datasets.standardise(train)), torch.from_numpy(train.labels)
