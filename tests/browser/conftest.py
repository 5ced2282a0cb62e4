"""A real JupyterLab and headless Chromium, for tests that use a lecture as a student does."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = {
    # Cells out of sight stay in the page, so that a test can find them.
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address and token of a JupyterLab that serves a copy of lectures and exercises."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ["lectures", "exercises", "benchmarks/results"]:
        shutil.copytree(ROOT / folder, home / folder)
    for name, setting in SETTINGS.items():
        path = home / ".settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    make = r"\tJUPYTER_CONFIG_PATH=(\S+) \S+/jupyter lab (\S+)"
    settings, option = re.search(make, (ROOT / "Makefile").read_text()).groups()
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(ROOT / settings),
        "JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / ".workspaces"),
        "JUPYTER_RUNTIME_DIR": str(home / ".runtime"),
    }
    log = home / "server.log"
    command = [sys.executable, "-m", "jupyter", "lab", option]
    command += ["--no-browser", "--allow-root", "--port=0"]
    with log.open("w") as stream:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=stream, stderr=stream)
    try:
        yield address(server, log)
    finally:
        server.terminate()
        server.wait(120)


def address(server, log):
    for _ in range(240):
        found = re.search(
            r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab\S*\?token=(\w+)", log.read_text()
        )
        if found:
            port, token = found.groups()
            # The address is written before the server listens.
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}").close()
                return f"http://127.0.0.1:{port}", token
        assert server.poll() is None, log.read_text()
        time.sleep(0.5)
    raise TimeoutError(log.read_text())


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium where there is one, else Playwright's own."""
    from playwright.sync_api import Error, sync_playwright

    # The driver is a Node.js of its own, which ends at once where libatomic is not installed.
    command = [sys.executable, "-m", "playwright", "--version"]
    driver = subprocess.run(command, capture_output=True, text=True)
    if driver.returncode:
        pytest.skip(f"needs libatomic (sudo apt install libatomic1): {driver.stderr.strip()}")
    names = ["chromium", "chromium-browser", "google-chrome"]
    path = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path,
                # Chromium refuses its own sandbox as root, as in a container.
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
            )
        except Error as error:
            reason = str(error).splitlines()[0]
            pytest.skip(f"needs Chromium (sudo apt install chromium): {reason}")
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(chromium, lab, tmp_path):
    """A context manager: a notebook opened in JupyterLab and run to its end; its page.

    At the end a screenshot is taken, and there must be no error in the page or its console.
    """

    @contextlib.contextmanager
    def opened(path, seconds=600):
        base, token = lab
        page = chromium.new_page(viewport={"width": 1400, "height": 1000})
        errors = []
        page.on("pageerror", lambda error: errors.append(f"page: {error}"))
        page.on("console", lambda line: line.type == "error" and errors.append(line.text))
        try:
            page.goto(f"{base}/lab/tree/{path}?reset&token={token}")
            page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=180_000)
            # Cells that are run before the kernel is there may be forgotten.
            page.get_by_text("| Idle").wait_for(timeout=180_000)
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
            page.screenshot(path=tmp_path / "explorer.png")
            assert not page.get_by_text("Jupyter news").count()
            assert not errors
        finally:
            # Its kernel would stay, with torch in it, until the server ends.
            headers = {"Authorization": f"token {token}"}
            for session in page.request.get(f"{base}/api/sessions", headers=headers).json():
                page.request.delete(f"{base}/api/sessions/{session['id']}", headers=headers)
            page.close()

    return opened
