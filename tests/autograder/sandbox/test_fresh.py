"""A fork behaves as a fresh kernel does: the same notebook, both ways, the same outputs."""

import ast

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import testing as tiny
from autograder.sandbox.limits import Limits
from autograder.submission import engine
from autograder.submission.job import Job

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))

SOURCES = [
    "import torch, numpy as np, random\ntorch.get_num_threads(), torch.get_num_interop_threads()",
    "torch.manual_seed(3); torch.randn(3)",
    "np.random.seed(3); np.random.rand(2), np.random.default_rng(3).random(2)",
    "random.seed(3); random.random()",
    "import matplotlib\nimport matplotlib.pyplot as plt\nmatplotlib.get_backend()",
    "plt.plot([1, 2]); plt.title('a figure');",
    "plt.get_fignums(), plt.rcParams['figure.dpi'], plt.rcParams['figure.facecolor']",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nHTML('<i>i</i>')",
    "print('out'); import sys; print('err', file=sys.stderr)",
    "import time; 0 <= time.process_time() < 60, 0 <= time.time() - time.time() + 1",
    "import warnings; warnings.warn('careful')",
    "1 / 0",
    "%timeit -n1 -r1 pass\n_ = 1",
    "torch.nn.functional.conv2d(torch.ones(1, 1, 9, 9), torch.ones(1, 1, 3, 3)).sum()",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "!echo from a shell",
    "import threading, signal\nthreading.main_thread() is threading.current_thread()",
    "from concurrent.futures import ThreadPoolExecutor\n"
    "list(ThreadPoolExecutor(2).map(abs, [-1, 2]))",
    "x = torch.ones(300, 300, requires_grad=True); (x @ x).sum().backward(); x.grad[0, 0]",
    "sorted(name for name in globals() if not name.startswith('_'))",
]


def outputs(sandbox):
    nb = new_notebook(cells=[new_code_cell(source) for source in SOURCES])
    limits = Limits(cell_seconds=600, total_seconds=3600)  # a fresh kernel imports torch
    job = Job(nbformat.writes(nb).encode(), limits=limits, packages=(), sandbox=sandbox)
    result = engine.run(job)
    assert result.status == "graded", result.detail
    cells = nbformat.reads(result.notebook.decode(), as_version=4).cells
    return [[_plain(output) for output in _joined(cell.outputs)] for cell in cells]


def _joined(outputs):
    """What is printed comes in as many pieces as time and load make of it."""
    found = []
    for output in outputs:
        if found and output.output_type == "stream" and output.get("name") == found[-1].get("name"):
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def _plain(output):
    """What must be equal: everything but times, process ids and folders."""
    if output.output_type == "error":
        return output.ename, output.evalue
    if output.output_type == "stream":
        lines = output.text.splitlines()
        return output.name, [
            line for line in lines if "ipykernel_" not in line and "ns" not in line
        ]
    data = dict(output.data)
    return output.output_type, {kind: str(data[kind])[:4000] for kind in sorted(data)}


def test_the_same_outputs(monkeypatch):
    for name in ("OMP_NUM_THREADS", "MPLBACKEND"):  # what the suite sets, a kernel would inherit
        monkeypatch.delenv(name, raising=False)
    forked, fresh = outputs(sandbox=True), outputs(sandbox=False)
    for source, one, other in zip(SOURCES, forked, fresh, strict=True):
        assert one == other, source


def test_two_forks_do_not_share_random_numbers():
    nb = new_notebook(
        cells=[
            new_code_cell(
                "import random, numpy, torch\n"
                "random.random(), float(numpy.random.rand()), torch.initial_seed()"
            )
        ]
    )
    job = Job(nbformat.writes(nb).encode(), packages=())
    first, second = (
        nbformat.reads(engine.run(job).notebook.decode(), as_version=4).cells[0].outputs[0]
        for _ in range(2)
    )
    one, other = (ast.literal_eval(o.data["text/plain"]) for o in (first, second))
    assert all(a != b for a, b in zip(one, other, strict=True))
