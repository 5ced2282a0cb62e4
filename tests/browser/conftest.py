"""A real JupyterLab and headless Chromium, for tests that use a lecture as a student does."""

import contextlib
import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from tests.server import jupyterlab

SETTINGS = {
    # Cells out of sight stay in the page, so that a test can find them.
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}


class Lab(NamedTuple):
    """A JupyterLab: the folder that it serves, its address and its token."""

    home: Path
    base: str
    token: str


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that serves a copy of lectures and exercises."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ["lectures", "exercises", "benchmarks/results"]:
        shutil.copytree(ROOT / folder, home / folder)
    for name, setting in SETTINGS.items():
        path = home / ".settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    make = r"\tJUPYTER_CONFIG_PATH=(\S+) \S+/jupyter lab (\S+)"
    settings, option = re.search(make, (ROOT / "Makefile").read_text()).groups()
    variables = {
        "JUPYTER_CONFIG_PATH": str(ROOT / settings),
        "JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"),
    }
    with jupyterlab(home, option, **variables) as where:
        yield Lab(home, *where)


@pytest.fixture(scope="session")
def open_notebook(chromium, lab, tmp_path_factory):
    """A context manager: a notebook opened in JupyterLab and run to its end; its page.

    At the end a screenshot is taken, and there must be no error in the page or its console.
    """

    @contextlib.contextmanager
    def opened(path, seconds=1500):  # of the wall clock: the machine may be busy
        _, base, token = lab
        page = chromium.new_page(viewport={"width": 1400, "height": 1000})
        errors = []
        page.on("pageerror", lambda error: errors.append(f"page: {error}"))
        page.on("console", lambda line: line.type == "error" and errors.append(line.text))
        try:
            page.goto(f"{base}/lab/tree/{path}?reset&token={token}")
            page.locator(".jp-Notebook .jp-Cell").first.wait_for()
            # Cells that are run before the kernel is there may be forgotten.
            page.get_by_text("| Idle").wait_for()
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            # A cell that waits or runs shows [*], one whose source is folded nothing.
            page.wait_for_function(
                """() => {
                    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                        .map(prompt => prompt.textContent.trim()).filter(Boolean);
                    return prompts.length && prompts.every(text => /\\[\\d+\\]/.test(text));
                }""",
                timeout=seconds * 1000,
            )
            yield page
            page.screenshot(path=tmp_path_factory.mktemp("page") / "page.png")
            assert not page.get_by_text("Jupyter news").count()
            assert not errors
        finally:
            # Its kernel would stay, with torch in it, until the server ends.
            headers = {"Authorization": f"token {token}"}
            for session in page.request.get(f"{base}/api/sessions", headers=headers).json():
                page.request.delete(f"{base}/api/sessions/{session['id']}", headers=headers)
            page.close()

    return opened
