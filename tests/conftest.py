"""What the whole suite shares: the repository's root, quiet settings, and the skip of GPU tests."""

import os
from pathlib import Path

# Two workers on two cores: one thread each, set before torch is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


def pytest_runtest_setup(item):
    if item.get_closest_marker("gpu"):
        import torch

        if not (torch.cuda.is_available() or torch.backends.mps.is_available()):
            pytest.skip("needs a GPU: neither CUDA nor MPS is available here")
