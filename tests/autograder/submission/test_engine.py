"""The engine: every submission ends with an explicit status, and nothing outlives it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from autograder import testing as tiny
from autograder.gradebook import steps
from autograder.sandbox import control_groups, provisioner, servers
from autograder.sandbox.bubblewrap import SandboxError
from autograder.sandbox.limits import Limits
from autograder.submission import engine, reading
from autograder.submission.job import Job, Malformed, Status
from tests.conftest import in_a_loop

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))


def run(*sources, files=None, variables=None, refused=(), packages=(), **limits):
    nb = new_notebook(cells=[new_code_cell(source) for source in sources])
    limits = Limits(**{"cell_seconds": 4, "grace_seconds": 1, **limits})
    job = Job(
        nbformat.writes(nb).encode(),
        files=files or {},
        variables=variables or {},
        limits=limits,
        packages=packages,
        refused=refused,
    )
    result = engine.run(job)
    return result, nbformat.reads(result.notebook.decode(), as_version=4).cells


def text(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def errors(cell):
    return [output.ename for output in cell.outputs if output.output_type == "error"]


def test_a_notebook_runs():
    result, cells = run("a = 20", "a + 22")
    assert (result.status, result.detail) == (Status.GRADED, "")
    assert cells[1].outputs[0].data["text/plain"] == "42"
    assert [cell.execution_count for cell in cells] == [1, 2]


def test_what_takes_longest_to_load_is_loaded_for_those_that_may_need_it():
    look = ("import sys, torch", "'torch._dynamo' in sys.modules")
    packages = ("course",)
    with servers.shared(packages) as server:
        server.close()
        assert run(*look, packages=packages)[1][1].outputs[0].data["text/plain"] == "False"
        assert run("# uses torch.optim", packages=packages)[0].status is Status.GRADED
        found, give_up = "False", time.monotonic() + 300
        while found == "False" and time.monotonic() < give_up:
            found = run(*look, packages=packages)[1][1].outputs[0].data["text/plain"]
    assert found == "True"


def test_an_error_does_not_stop_the_next_cell():
    result, cells = run("1 / 0", "'on'")
    assert result.status is Status.GRADED
    assert errors(cells[0]) == ["ZeroDivisionError"]
    assert cells[1].outputs[0].data["text/plain"] == "'on'"


@pytest.mark.parametrize(
    "source, word",
    [
        ("import os; os._exit(3)", "code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
    ],
)
def test_a_kernel_that_ends(source, word):
    result, cells = run("'before'", source, "'after'")
    assert result.status is Status.DIED
    assert word in result.detail
    assert cells[0].outputs[0].data["text/plain"] == "'before'"
    assert errors(cells[1]) and errors(cells[2]) == ["NotRun"]


def test_a_loop_is_interrupted_and_the_next_cell_runs():
    result, cells = run("while True: pass", "'on'", cell_seconds=1)
    assert result.status is Status.TIMED_OUT
    assert "CellTimeoutError" in errors(cells[0])
    assert cells[1].outputs[0].data["text/plain"] == "'on'"


def test_a_loop_that_ignores_interrupts_is_killed():
    source = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    result, cells = run(source, "'on'", cell_seconds=1)  # of processor time: it ends
    assert result.status is Status.TIMED_OUT
    assert errors(cells[0]) and errors(cells[1]) == ["NotRun"]


def test_the_whole_notebook_has_a_limit():
    result, cells = run(*["import time; time.sleep(3)"] * 8, total_seconds=2)
    assert result.status is Status.TIMED_OUT
    assert errors(cells[-1]) == ["NotRun"]


@pytest.mark.parametrize(
    "source",
    ["x = bytearray(3 << 30)", "import torch; torch.ones(1 << 30)"],
    ids=["bytes", "torch"],
)
def test_too_much_memory(source):
    result, cells = run(source, "'on'")
    assert result.status is Status.OUT_OF_MEMORY
    assert errors(cells[0])
    assert cells[1].outputs[0].data["text/plain"] == "'on'"


def test_output_is_cut_by_bytes():
    result, cells = run("print('x' * 20_000_000)", "'on'", cell_seconds=60)
    assert result.status is Status.GRADED
    assert 1_000_000 < len(text(cells[0])) < 1_100_000
    assert "bytes of output cut here" in text(cells[0])
    assert len(result.notebook) < 1_300_000
    assert cells[1].outputs[0].data["text/plain"] == "'on'"


def test_a_result_after_a_flood_is_kept():
    _, cells = run("print('x' * 3_000_000)\n1.5", "print('x' * 3_000_000)\n1 / 0", cell_seconds=60)
    assert cells[0].outputs[-2].data["text/plain"] == "1.5"
    assert errors(cells[1]) == ["ZeroDivisionError"]


def test_a_flood_without_end_is_stopped():
    result, cells = run("while True: print('x' * 1_000_000)", output_flood=20_000_000)
    assert result.status in (Status.DIED, Status.TIMED_OUT)
    assert errors(cells[0])


def test_messages_that_are_none():
    result, cells = run("get_ipython().kernel.iopub_socket.send(b'junk')", "1")
    assert result.status is Status.TAMPERED
    assert errors(cells[1]) == ["NotRun"]


def test_files_lie_beside_the_notebook_and_are_its_own():
    _, cells = run(
        "open('data.csv').read()",
        "open('data.csv', 'w').write('changed')",
        "open('deep/er.txt').read()",
        files={"data.csv": b"1,2", "deep/er.txt": b"here"},
    )
    assert cells[0].outputs[0].data["text/plain"] == "'1,2'"
    assert cells[2].outputs[0].data["text/plain"] == "'here'"
    _, cells = run("import os; os.listdir()")
    assert cells[0].outputs[0].data["text/plain"] == "[]"


def test_only_the_variables_that_are_given():
    os.environ["A_SECRET"] = "of the instructor"
    try:
        _, cells = run("import os; sorted(os.environ)", variables={"GIVEN": "1"})
    finally:
        del os.environ["A_SECRET"]
    assert "A_SECRET" not in str(cells[0].outputs) and "GIVEN" in str(cells[0].outputs)


def test_refused_modules_cannot_be_imported_nor_read():
    sources = [
        "import course.arguments",
        "import course.device",
        "import importlib.util, pathlib\n"
        "import course\n"
        "path = pathlib.Path(course.__file__).parent\n"
        "[f.read_text() for f in path.glob('device.*')]",
        "[f.read_bytes() for f in path.glob('__pycache__/device.*')]",
    ]
    try:
        _, cells = run(*sources, packages=("course",), refused=("course.device",))
    finally:
        servers.server(("course",)).close()
    assert not cells[0].outputs
    assert "cannot be imported here" in cells[1].outputs[0].evalue
    assert "def device" not in str(cells[2].outputs)
    assert "raise ImportError" in str(cells[2].outputs)
    assert "def device" not in str(cells[3].outputs) and "cuda" not in str(cells[3].outputs)


def test_nothing_outlives_a_submission():
    mark = "86399.5"
    source = (
        f"import subprocess; subprocess.Popen(['sleep', '{mark}'], start_new_session=True)\n"
        "import os\n"
        "if os.fork() == 0:\n    os.setsid()\n"
        f"    os.execvp('sleep', ['sleep', '{mark}'])"
    )
    result, _ = run(source)
    assert result.status is Status.GRADED
    assert subprocess.run(["pgrep", "-f", f"sleep {mark}"], capture_output=True).stdout == b""


def test_the_server_comes_back_when_killed():
    run("1")
    server = servers.server(())
    before = server.process.pid
    server.process.kill()
    server.process.wait()
    result, cells = run("1 + 1")
    assert result.status is Status.GRADED
    assert cells[0].outputs[0].data["text/plain"] == "2"
    assert server.process.pid != before


def test_the_server_is_killed_in_the_middle():
    run("1")
    server = servers.server(())
    threading.Timer(1.0, server.process.kill).start()
    result, cells = run("import time; time.sleep(2); 'slept'")
    assert result.status is Status.GRADED
    assert cells[0].outputs[0].data["text/plain"] == "'slept'"


@pytest.mark.parametrize("retries, tries", [(0, 1), (2, 3)])
def test_a_sandbox_that_fails_is_tried_again(monkeypatch, retries, tries):
    """As often as `c.Execute.execute_retries` says, which nbgrader itself never reads."""
    step = steps.Execute(config=Config({"Execute": {"execute_retries": retries}}))
    job = replace(step.job(), notebook=nbformat.writes(new_notebook()).encode())
    tried = []

    def fail(*_):
        tried.append(1)
        raise SandboxError("no room")

    monkeypatch.setattr(engine, "_run", fail)
    with pytest.raises(SandboxError, match="no room"):
        engine.run(job)
    assert len(tried) == tries


@pytest.mark.parametrize(
    "content, word",
    [
        (b"", "no JSON"),
        (b"{not json", "no JSON"),
        (b"[]", "no notebook"),
        (b'{"cells": []}', "no notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}', "no valid"),
        (b'{"nbformat": 99, "cells": []}', "no valid"),
        (b"\xff\xfe\x00{", "UTF-8"),
        (b"PK\x03\x04" + b"\x00" * 100, "no JSON"),
        (b"[" * 100_000, "deep"),
        (b'{"nbformat": 4, "' + b"\\\\" * 50_000, "no JSON"),
        (b" " * (21 * 1024**2), "bytes"),
    ],
)
def test_what_is_no_notebook(content, word):
    with pytest.raises(Malformed, match=word):
        reading.read_notebook(content, Limits())


def test_values_beside_the_outputs_are_counted():
    nb = new_notebook(cells=[new_code_cell("1", outputs=[]), new_code_cell("2")])
    nb.cells[0].outputs = [new_output("display_data", {"application/json": [0] * 200_000})]
    assert len(reading.read_notebook(nbformat.writes(nb).encode(), Limits()).cells) == 2
    nb.cells[1].metadata["x"] = [{}] * 60_000
    with pytest.raises(Malformed, match="more than 50,000 values beside its outputs"):
        reading.read_notebook(nbformat.writes(nb).encode(), Limits())


def test_an_old_notebook_is_read():
    cell = {"cell_type": "code", "input": "6 * 7", "outputs": [], "language": "python"}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    nb = reading.read_notebook(json.dumps(old).encode(), Limits())
    assert nb.nbformat == 4 and nb.cells[0].source == "6 * 7"


def test_brackets_in_strings_are_no_depth():
    nb = new_notebook(cells=[new_code_cell("[" * 500 + '"\\"[' * 9)])
    assert reading.read_notebook(nbformat.writes(nb).encode(), Limits()).cells


def test_in_a_running_loop():
    """The formgrader's button: nbgrader runs in the thread of the Jupyter server's event loop."""

    async def press():
        return run("6 * 7")

    _, cells = in_a_loop(press())
    assert cells[0].outputs[0].data["text/plain"] == "42"


def test_deep_messages_are_refused():
    source = (
        "kernel = get_ipython().kernel\n"
        "deep = []\n"
        "for _ in range(300): deep = [deep]\n"
        "kernel.send_response(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': deep})"
    )
    result, _ = run(source, "1")
    assert result.status is Status.TAMPERED


def test_a_channel_reaches_the_fork():
    """What the examiner is built on: a socket handed over with the launch request."""
    here, inside = socket.socketpair()
    inode = os.fstat(inside.fileno()).st_ino
    source = (
        "import os\n"
        "for n in map(int, os.listdir('/proc/self/fd')):\n"
        "    try:\n"
        f"        if os.fstat(n).st_ino == {inode}: os.write(n, b'hello')\n"
        "    except OSError: pass"
    )
    nb = new_notebook(cells=[new_code_cell(source)])
    made = provisioner.manager(server=servers.server(()), channels=[inside])
    runner = engine.Runner(Limits())
    in_a_loop(runner.run_notebook(nb, made, None))
    here.settimeout(60)
    assert here.recv(5) == b"hello", nb.cells[0].outputs
    here.close(), inside.close()


def test_without_the_libraries_of_linux():
    """Where there is no seccomp the machine can be imported, and says what is missing."""
    code = (
        "import sys\n"
        "sys.modules['pyseccomp'] = sys.modules['resource'] = sys.modules['fcntl'] = None\n"
        "import autograder.submission.engine, autograder.gradebook.steps, autograder.doctor\n"
        "from autograder.sandbox import bubblewrap\n"
        "print(bubblewrap.missing())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "seccomp" in done.stdout, done.stderr


def test_a_submission_whose_memory_nothing_bounds_is_not_run(monkeypatch):
    def refuse(memory, processes, needed):
        assert needed
        raise OSError("no control group bounds the memory of this submission: no space")

    monkeypatch.setattr(provisioner, "Group", refuse)
    content = nbformat.writes(new_notebook(cells=[new_code_cell("1")])).encode()
    with pytest.raises(SandboxError, match="no control group bounds"):
        engine.run(Job(content, packages=(), bounded=True))


def test_no_group_and_no_folder_is_left():
    for _ in range(3):
        run("1")
    # On a busy machine what was killed takes its time to be gone.
    deadline = time.monotonic() + 300
    while control_groups._to_remove and time.monotonic() < deadline:
        time.sleep(0.5)
        control_groups.sweep()
    assert not control_groups._to_remove
    assert os.listdir(servers.server(()).spool) == ["server.sock"]


def test_a_process_killed_from_outside_costs_nothing(monkeypatch):
    """It is run once more; one that kills itself is so twice, and has died."""
    launched, real = [], provisioner.ForkProvisioner._launch

    def launch(worker):
        real(worker)
        launched.append(worker.process)

    monkeypatch.setattr(provisioner.ForkProvisioner, "_launch", launch)
    results = []
    waiting = threading.Thread(
        target=lambda: results.append(run("import time; time.sleep(2)", "7"))
    )
    waiting.start()
    while not launched:
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(launched[0], signal.SIGKILL)
    waiting.join()
    ((result, cells),) = results
    assert (result.status, len(launched)) == (Status.GRADED, 2), result.detail
    assert cells[1].outputs[0].data["text/plain"] == "7"
    result, _ = run("import os; os.kill(os.getpid(), 9)")
    assert (result.status, len(launched)) == (Status.DIED, 4) and "signal 9" in result.detail
