"""A real JupyterLab for the tests that look at pages."""

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request


@contextlib.contextmanager
def jupyterlab(folder, *options, **variables):
    """The address and token of a JupyterLab that serves a folder and keeps its own state there."""
    log = folder / "server.log"
    environment = os.environ | {
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
        "JUPYTER_RUNTIME_DIR": str(folder / ".runtime"),
        **variables,
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port=0"]
    with log.open("w") as stream:
        server = subprocess.Popen(
            [*command, *options], cwd=folder, env=environment, stdout=stream, stderr=stream
        )
    try:
        yield address(server, log)
    finally:
        server.terminate()
        server.wait(600)


def address(server, log):
    for _ in range(1200):
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
