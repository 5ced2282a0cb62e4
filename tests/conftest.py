"""What the whole suite shares: the repository's root, quiet settings, and the skip of GPU tests."""

import html
import os
from pathlib import Path

# Two workers on two cores: one thread each, set before torch is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")

import pytest
from hypothesis import settings

# The machine may be busy: an example has no limit of its own, and the suite has one for each test.
settings.register_profile("course", deadline=None)
settings.load_profile("course")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def within_its_page():
    """Asserts that a picture says what it shows, and that nothing drawn leaves its page."""

    def check(picture):
        assert html.escape(picture.alt) in picture._repr_html_()
        picture.figure.draw_without_rendering()
        drawn, (width, height) = picture.figure.get_tightbbox(), picture.figure.get_size_inches()
        assert drawn.x0 > -0.01 and drawn.y0 > -0.01
        assert drawn.x1 < width + 0.01 and drawn.y1 < height + 0.01

    return check


def pytest_runtest_setup(item):
    if item.get_closest_marker("gpu"):
        import torch

        if not (torch.cuda.is_available() or torch.backends.mps.is_available()):
            pytest.skip("needs a GPU: neither CUDA nor MPS is available here")
