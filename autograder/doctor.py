"""Which walls of the sandbox stand on this machine, found out by running against them."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox import bubblewrap, control_groups, nvidia
from autograder.sandbox.limits import Limits
from autograder.submission import engine
from autograder.submission.job import Job

# Runs as a submission does. Each name becomes true when the wall held.
PROBE = """
import ctypes, json, os, pathlib, socket

libc = ctypes.CDLL(None, use_errno=True)

def refused(call, *arguments):
    return libc[call](*arguments) == -1 and ctypes.get_errno() == 1

def fails(action, *errors):
    try:
        action()
    except errors or OSError:
        return True
    return False

def reach(family, address):
    with socket.socket(family) as s:
        s.settimeout(2)
        s.connect(address)

status = pathlib.Path("/proc/self/status").read_text().splitlines()
status = {name: value.strip() for name, value in (line.split(":", 1) for line in status)}

found = {
    "network": fails(lambda: reach(socket.AF_INET, ("127.0.0.1", 22)))
    and fails(lambda: reach(socket.AF_INET, ("1.1.1.1", 53)))
    and set(n for _, n in socket.if_nameindex()) <= {"lo"},
    "files": not os.path.exists(OUTSIDE) and not os.path.exists("/etc/shadow"),
    "home": set(os.listdir(os.path.expanduser("~"))) <= {"connection.json", ".ipython"},
    "environment": SECRET not in os.environ,
    "processes": os.getpid() < 10 and not [n for n in os.listdir("/proc") if n.isdigit()],
    "read-only": fails(lambda: open(json.__file__, "a")) and fails(lambda: open("/usr/x", "w")),
    "capabilities": int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    and status["NoNewPrivs"] == "1",
    "seccomp": status["Seccomp"] == "2" and refused("ptrace", 0, 0, 0, 0)
    and refused("unshare", 0x10000000) and refused("mount", b"a", b"/tmp", b"tmpfs", 0, 0),
    "identity": os.getuid() == 1000,
}
import resource
bounded = [resource.getrlimit(w)[0] for w in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
found["limits"] = bounded != [resource.RLIM_INFINITY] * 2
json.dumps(found)
"""

# Runs as a submission does that is shown a card.
ON_CARD = """
import json, torch
try:
    total, why = torch.ones(2, device="cuda").sum().item(), torch.cuda.get_device_name()
except Exception as problem:
    total, why = None, f"{type(problem).__name__}: {problem}".splitlines()[0]
json.dumps({"computes": total == 2, "why": why})
"""

MEANING = {
    "network": "no network: not even this machine's own services",
    "files": "none of the caller's files, no /etc/shadow",
    "home": "a home with nothing in it but the kernel's own files",
    "environment": "none of the caller's environment variables",
    "processes": "no other process to be seen",
    "read-only": "the system and the Python environment are read-only",
    "capabilities": "no capabilities, and no way to get any",
    "seccomp": "ptrace, mount, new namespaces and the like are refused",
    "identity": "an identity of its own",
    "limits": "limits on memory, processes, file size and processor time",
}


NO_GROUP = {
    "memory": (
        "no control group here bounds memory, and nothing else does so for all processes "
        "of a submission together: start it with `systemd-run --user --scope -p Delegate=yes "
        "COMMAND`, or accept it with --unbounded-memory (c.Execute.unbounded_memory = True)"
    ),
    "pids": "no control group can be made here; an rlimit bounds the number of processes",
}


@dataclass(frozen=True)
class Finding:
    """One wall: whether it stands, whether grading needs it, and a remark."""

    name: str
    stands: bool
    needed: bool
    remark: str


def examine(
    packages: Sequence[str] = (), unbounded_memory: bool = False, card: int | None = None
) -> list[Finding]:
    """Try every wall, in the fork server for these packages; returns a list of findings.

    Args:
        card: number of the NVIDIA card that it is to show; None: none is asked for.
    """
    no_card = nvidia.missing(card or 0)
    findings = [Finding("sandbox", False, True, reason) for reason in bubblewrap.missing()]
    if not findings:
        findings.append(Finding("bubblewrap", True, True, shutil.which("bwrap")))
        findings += _inside(packages, None if no_card else card)
    groups = control_groups.parents()
    for controller, purpose in (("memory", "memory in use"), ("pids", "number of processes")):
        here = controller in groups
        if controller == "memory" and here:
            here = control_groups.bounds_memory()
        needed = controller == "memory" and not unbounded_memory
        remark = f"bounds the {purpose}" if here else NO_GROUP[controller]
        findings.append(Finding(f"cgroup {controller}", here, needed, remark))
    alembic = shutil.which("alembic") or shutil.which(
        "alembic", path=os.path.dirname(sys.executable)
    )
    findings.append(Finding("alembic", bool(alembic), True, alembic or "nbgrader needs it"))
    if card is None:
        here = "a card is here, which students' code sees with --gpu alone"
        remark = f"{no_card}; checks that compute on the processor need none" if no_card else here
        findings.append(Finding("gpu", False, False, remark))
    elif no_card:
        findings.append(Finding("gpu", False, True, no_card))
    return findings


def _inside(packages, card):
    secret = "AUTOGRADER_DOCTOR"
    os.environ[secret] = "seen"
    # A file of the caller's that anybody may read, were it in sight.
    with tempfile.NamedTemporaryFile(prefix="autograder-doctor-") as outside:
        os.chmod(outside.name, 0o644)
        source = f"OUTSIDE, SECRET = {outside.name!r}, {secret!r}\n{PROBE}"
        try:
            return _probe(source, packages, card)
        finally:
            del os.environ[secret]


def _probe(source, packages, card):
    try:
        found = _answer(source, packages, card)
        findings = [Finding(name, found[name], True, remark) for name, remark in MEANING.items()]
        if card is not None:
            on_card = _answer(ON_CARD, packages, card)
            remark = on_card["why"]
            if not on_card["computes"]:
                remark = f"torch cannot compute on it (a build for CUDA is needed): {remark}"
            findings.append(Finding("gpu", on_card["computes"], True, remark))
    except bubblewrap.SandboxError as problem:
        return [Finding("fork server", False, True, str(problem))]
    except _NoAnswer as problem:
        return [Finding("probe", False, True, str(problem))]
    return findings


class _NoAnswer(Exception):
    """The probe ended without its last line; the message says how."""


def _answer(source, packages, card):
    """What the last line of a probe gives, run as a submission is."""
    notebook = new_notebook(cells=[new_code_cell(source)])
    content, output = nbformat.writes(notebook).encode(), None
    job = Job(content, limits=Limits(cell_seconds=30), packages=packages, card=card)
    result = engine.run(job)
    try:
        output = nbformat.reads(result.notebook.decode(), as_version=4).cells[0].outputs[-1]
        return json.loads(ast.literal_eval(output.data["text/plain"]))
    except (AttributeError, ValueError, SyntaxError, IndexError):
        raise _NoAnswer(f"{result.status} {result.detail} {output}") from None


def why_not(
    packages: Sequence[str] = (), unbounded_memory: bool = False, card: int | None = None
) -> list[str]:
    """The reasons not to grade here; an empty list when every wall that is needed stands."""
    return [
        f"{f.name}: {f.remark}"
        for f in examine(packages, unbounded_memory, card)
        if f.needed and not f.stands
    ]


def report(findings: Sequence[Finding]) -> str:
    """The findings as text."""
    width = max(len(finding.name) for finding in findings)
    words = {(True, True): "stands ", (True, False): "stands ", (False, True): "MISSING"}
    return "\n".join(
        f"{words.get((f.stands, f.needed), 'absent ')}  {f.name.ljust(width)}  {f.remark}"
        for f in findings
    )
