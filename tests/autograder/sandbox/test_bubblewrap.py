"""The outer wall on any machine: what is shown can be reached, what is started says nothing."""

import ast
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import testing
from autograder.sandbox import bubblewrap, isolation, servers
from autograder.submission import engine
from autograder.submission.job import Job

pytestmark = pytest.mark.skipif(bool(testing.needs_sandbox), reason=str(testing.needs_sandbox))


def value(source):
    """What an expression gives in the sandbox."""
    content = nbformat.writes(new_notebook(cells=[new_code_cell(source)])).encode()
    result = engine.run(Job(content, packages=()))
    (cell,) = nbformat.reads(result.notebook.decode(), as_version=4).cells
    assert cell.outputs, result.detail
    assert "data" in cell.outputs[-1], cell.outputs
    return ast.literal_eval(cell.outputs[-1].data["text/plain"])


def test_every_folder_on_the_way_to_what_is_shown_is_passable():
    command = bubblewrap._command("/nowhere", (), 0)
    binds = ("--ro-bind", "--ro-bind-data", "--symlink")
    shown = {command[n + 2] for n, word in enumerate(command) if word in binds}
    assert "/etc/passwd" in shown and any(place.startswith("/sys/") for place in shown)
    folders = sorted({str(parent) for place in shown for parent in Path(place).parents})
    source = f"import os\n[f for f in {folders} if not os.access(f, os.R_OK | os.X_OK)]"
    assert value(source) == []


def test_libraries_are_found_without_a_compiler():
    """As pyseccomp finds libseccomp in the server: by the cache of the dynamic linker."""
    source = "import ctypes.util\nctypes.util._findSoname_ldconfig('seccomp')"
    assert value(source).startswith("libseccomp.so")


def test_a_first_start_warns_of_nothing(monkeypatch):
    """Neither matplotlib nor fontconfig nor the debugger: their words would hide a real fault."""
    said = []

    class Recorded:
        def __init__(self):
            self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its user

        def fileno(self):
            return self.file.fileno()

        def seek(self, place):
            self.file.seek(place)

        def read(self):
            return self.file.read()

        def close(self):
            self.file.seek(0)
            said.append(self.file.read().decode())
            self.file.close()

    monkeypatch.setattr(bubblewrap, "_log", Recorded)
    with bubblewrap.ForkServer(()):
        assert said == [""]


def test_a_sandboxed_process_shares_no_quota_with_the_grader():
    """Linux counts by user, and the grader of an ordinary user has the same as its sandboxes."""
    source = """
import ctypes, resource
calls = [ctypes.CDLL(None, use_errno=True)[name] for name in ("inotify_init", "inotify_init1")]
limits = [resource.RLIMIT_NOFILE, 11, resource.RLIMIT_MEMLOCK, 12]  # 11: SIGPENDING, 12: MSGQUEUE
[call(0) for call in calls], [resource.getrlimit(limit) for limit in limits]
"""
    refused, limits = value(source)
    assert refused == [-1, -1]
    files, signals, memory, queues = limits
    assert files == (isolation.OPEN_FILES,) * 2 and signals == (1024, 1024)
    assert memory == queues == (0, 0)
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 2 * isolation.OPEN_FILES


def test_addresses_are_bounded_and_no_card_is_shown():
    """As the opposite of what test_nvidia.py finds beside a card."""
    source = """
import mmap, os
try:  # 0x4000 is MAP_NORESERVE
    mmap.mmap(-1, 2**42, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=0)
    reserved = True
except OSError:
    reserved = False
reserved, [name for name in os.listdir("/dev") if "nvidia" in name], os.path.exists("/proc/modules")
"""
    assert value(source) == (False, [], False)


HOARD = """
import os, socket
kept = []
try:
    for _ in range(100):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept += [ours, theirs]
        for _ in range(10):
            socket.send_fds(ours, [b"x"], [0] * 250)
except OSError as problem:
    full = problem.strerror
full
"""


@pytest.mark.skipif(os.geteuid() == 0, reason="root's grader has another user than its sandboxes")
def test_descriptors_in_flight_are_not_used_up():
    """A submission that keeps as many on their way as it can stops itself alone."""
    look = "import time\ntime.sleep(1)\n1"
    cells = [new_code_cell(HOARD), new_code_cell(look)]
    results = []
    job = Job(nbformat.writes(new_notebook(cells=cells)).encode(), packages=())
    hoarder = threading.Thread(target=lambda: results.append(engine.run(job)))
    hoarder.start()
    seen = [value("1 + 1") for _ in range(3)]
    hoarder.join()
    assert seen == [2, 2, 2] and b"Too many references" in results[0].notebook


def test_what_a_sandbox_lays_over_is_nobodys_home():
    """A user named student kept the course in /home/student, and no submission found its Python."""
    for place in (isolation.WORK, isolation.HOME, isolation.KERNEL, isolation.SPOOL):
        assert not Path(place).is_relative_to("/home") and not Path(place).is_relative_to("/root")


def test_a_python_whose_path_goes_up_and_down(monkeypatch):
    """As a notebook's kernel is often given: /course/lectures/../.venv/bin/python."""
    folder, name = os.path.split(sys.executable)
    roundabout = os.path.join(folder, os.pardir, os.path.basename(folder), name)
    monkeypatch.setattr(sys, "executable", roundabout)
    monkeypatch.setattr(sys, "prefix", os.path.join(sys.prefix, "lib", os.pardir))
    with bubblewrap.ForkServer(()) as server:
        assert server.alive


@pytest.mark.parametrize(
    "python, reason",
    [
        (
            ["sh", "-c", "echo no torch here >&2; exit 3"],
            "ended with code 3; it said: no torch here",
        ),
        (["sh", "-c", "kill -9 $$"], "said nothing"),
        (["sh", "-c", "exec sleep 60"], "it was not ready after 0.5 s, and said nothing"),
    ],
)
def test_a_server_that_does_not_start_says_why(python, reason, monkeypatch):
    monkeypatch.setattr(bubblewrap, "_command", lambda *_: [*python, "sh"])
    monkeypatch.setattr(bubblewrap, "START_SECONDS", 0.5 if "sleep" in python[-1] else 60)
    server = bubblewrap.ForkServer(())
    monkeypatch.setattr(server, "process", None)
    with pytest.raises(bubblewrap.SandboxError, match=reason):
        server.start()
    server.close()


def test_a_server_that_dies_while_it_starts_is_started_again(monkeypatch):
    """Once more; then grading stops and says why."""
    commands = []
    command = bubblewrap._command

    def dies(*arguments, times):
        commands.append(arguments)
        words = ["sh", "-c", "echo killed by a passer-by >&2; exit 9", "sh"]
        return words if len(commands) <= times else command(*arguments)

    servers.server(()).close()
    monkeypatch.setattr(bubblewrap, "_command", lambda *a: dies(*a, times=1))
    assert servers.started(()).spool == servers.server(()).spool
    assert len(commands) == 2
    servers.server(()).close()
    commands.clear()
    monkeypatch.setattr(bubblewrap, "_command", lambda *a: dies(*a, times=2))
    with pytest.raises(bubblewrap.SandboxError, match="code 9; it said: killed by a passer-by"):
        servers.started(())
    assert len(commands) == 2


ON_NOEXEC = """
mount -t tmpfs -o noexec,nosuid,nodev none "$1" || exit 77
TMPDIR="$1" exec "$2" -c '
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from autograder.submission import engine
from autograder.submission.job import Job
content = nbformat.writes(new_notebook(cells=[new_code_cell("6 * 7")])).encode()
result = engine.run(Job(content, packages=()))
assert "42" in result.notebook.decode(), result
'
"""


def test_a_temporary_folder_in_which_nothing_can_be_run():
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is too long for a socket's name
        command = ["unshare", "--mount", "sh", "-c", ON_NOEXEC, "sh", folder, sys.executable]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode in (1, 77) and "not permitted" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 0, done.stderr


def asked_of(server):
    """A connection to a fork server that asks for a fork and a library, and has no answer yet."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    connection.settimeout(60)
    connection.connect(server.socket)
    connection.send(json.dumps({"libraries": ["numba"]}).encode())
    return connection


def answered_by(connection):
    """The process that accepted a connection: the parent of the one that answers."""
    answer, ancillary, _, _ = connection.recvmsg(1000, socket.CMSG_SPACE(12))
    assert json.loads(answer) == {"born": True}
    ((_, _, credentials),) = ancillary
    server = psutil.Process(struct.unpack("iII", credentials)[0]).ppid()
    connection.close()
    return server


def test_no_connection_is_lost_while_one_server_takes_over_from_another():
    server, seen = servers.server(()), []
    server.start()
    give_up = time.monotonic() + 120
    while len(set(seen)) < 2 and time.monotonic() < give_up:
        seen += map(answered_by, [asked_of(server) for _ in range(4)])
    old, new = dict.fromkeys(seen)
    seen = list(map(answered_by, [asked_of(server) for _ in range(8)]))
    assert new in seen and set(seen) <= {old, new}
    psutil.Process(new).kill()  # then the old one serves again
    assert answered_by(asked_of(server)) == old
