"""A card in the sandbox, shown when asked for and else not.

No test here has a card: nodes of /dev/zero stand for its own. What they tell is which nodes pass
through both walls, which limits change, and what is said where there is none.
"""

import ast
import contextlib
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder import __main__ as commands
from autograder import doctor, testing
from autograder.classroom import grading
from autograder.gradebook.steps import Execute
from autograder.sandbox import bubblewrap, nvidia, servers
from autograder.submission import engine
from autograder.submission.job import Job

needs_sandbox = pytest.mark.skipif(bool(testing.needs_sandbox), reason=str(testing.needs_sandbox))


@pytest.fixture(scope="module")
def cards(tmp_path_factory):
    """Two cards that are /dev/zero, with a driver whose library lies outside the system."""
    folder = tmp_path_factory.mktemp("cards")
    (folder / "dev").mkdir()
    for name in (*nvidia.NODES, "nvidia0", "nvidia1"):
        (folder / "dev" / name).symlink_to("/dev/zero")
    driver = folder / "driver"
    driver.mkdir(mode=0o755)
    (driver / nvidia.LIBRARY).touch()
    linker = folder / "ldconfig"
    linker.write_text(
        f'#!/bin/sh\necho "\t{nvidia.LIBRARY} (libc6,x86-64) => {driver / nvidia.LIBRARY}"\n'
        f'echo "\tlibc.so.6 (libc6,x86-64) => /lib/libc.so.6"\n'
    )
    linker.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nvidia, "DEVICES", folder / "dev")
        patch.setattr(nvidia, "LINKER", str(linker))
        yield folder
        for server in servers.started_here():
            if server.card is not None:
                server.close()


def shown_nodes(command):
    return [command[n + 2] for n, word in enumerate(command) if word == "--dev-bind"]


def read_only(command):
    return {command[n + 1] for n, word in enumerate(command) if word == "--ro-bind"}


def test_no_card_is_shown_unless_asked_for(cards):
    command = bubblewrap._command("/nowhere", (), 0)
    assert shown_nodes(command) == [] and not set(nvidia.SYSTEM) & read_only(command)
    assert Execute(config=Config()).job().card is None


def test_one_card_is_shown_and_what_its_driver_looks_into(cards):
    command = bubblewrap._command("/nowhere", (), 0, 1)
    nodes = ["/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia1"]
    assert shown_nodes(command) == nodes
    assert command.index("--dev") < command.index("--dev-bind"), "a new /dev would hide them"
    assert {str(cards / "driver"), "/sys/devices"} <= read_only(command)


def test_the_settings_of_a_course_name_the_card():
    asked = Config({"Execute": {"gpu": True, "card": 1}})
    assert Execute(config=asked).job().card == 1
    assert Execute(config=Config({"Execute": {"card": 1}})).job().card is None


INSIDE = """
import fcntl, mmap, os, resource

def fails(action):
    try:
        action()
    except (OSError, MemoryError) as problem:
        return type(problem).__name__, getattr(problem, "errno", None)

reserve = {  # 0x4000 is MAP_NORESERVE
    "flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, "prot": 0}
{
    "nodes": sorted(name for name in os.listdir("/dev") if name.startswith("nvidia")),
    "read": all(open(f"/dev/{name}", "rb").read(2) == bytes(2) for name in os.listdir("/dev")
                if name.startswith("nvidia")),
    "ioctl": fails(lambda: fcntl.ioctl(os.open("/dev/nvidia1", os.O_RDWR), 0x4600)),
    "driver": os.listdir(DRIVER),
    "proc": os.path.exists("/proc/devices"),
    "written": fails(lambda: open("/sys/devices/system/cpu/x", "w")),
    "reserved": fails(lambda: mmap.mmap(-1, 2**42, **reserve)),
    "taken": fails(lambda: bytearray(3 * 2**30)),
}
"""


@needs_sandbox
def test_a_submission_reaches_one_card_and_its_memory_stays_bounded(cards):
    """CUDA reserves terabytes of addresses: they are free, and what is written to is not."""
    source = f"DRIVER = {str(cards / 'driver')!r}\n{INSIDE}"
    content = nbformat.writes(new_notebook(cells=[new_code_cell(source)])).encode()
    result = engine.run(Job(content, packages=(), card=1))
    (cell,) = nbformat.reads(result.notebook.decode(), as_version=4).cells
    assert cell.outputs and "data" in cell.outputs[-1], (result.detail, cell.outputs)
    found = ast.literal_eval(cell.outputs[-1].data["text/plain"])
    assert found["nodes"] == sorted([*nvidia.NODES, "nvidia1"]) and found["read"]
    assert found["ioctl"] == ("OSError", 25), "the call is to reach the node, which knows none"
    assert found["driver"] == [nvidia.LIBRARY] and found["proc"]
    assert found["written"] is not None
    assert found["reserved"] is None and found["taken"][0] == "MemoryError"


@needs_sandbox
def test_the_doctor_tries_the_card_inside(cards):
    """What it finds here: the walls stand beside a card, and torch cannot compute on /dev/zero."""
    findings = {finding.name: finding for finding in doctor.examine(card=1)}
    assert all(findings[wall].stands for wall in doctor.MEANING)
    gpu = findings["gpu"]
    assert gpu.needed and not gpu.stands and "torch cannot compute on it" in gpu.remark


@pytest.mark.parametrize(
    "spoil, reason",
    [
        (lambda dev, patch: (dev / "nvidiactl").unlink(), "no NVIDIA driver runs here"),
        (lambda dev, patch: (dev / "nvidia1").unlink(), "no card 1 here, but 0: set c.Execute"),
        (lambda dev, patch: (dev / "nvidia-uvm").unlink(), "`nvidia-modprobe -u -c 0` as root"),
        (lambda dev, patch: patch.setattr(nvidia, "LINKER", "/nowhere"), "install the driver's"),
        (lambda dev, patch: patch.setattr(nvidia, "_opens", lambda _: False), "chmod 666"),
    ],
)
def test_what_keeps_a_card_from_being_shown(cards, tmp_path, monkeypatch, spoil, reason):
    for name in (*nvidia.NODES, "nvidia0", "nvidia1"):
        (tmp_path / name).symlink_to("/dev/zero")
    monkeypatch.setattr(nvidia, "DEVICES", tmp_path)
    assert nvidia.missing(1) == ""
    spoil(tmp_path, monkeypatch)
    assert reason in nvidia.missing(1)


def test_a_node_for_its_owner_alone_is_not_for_the_sandbox(tmp_path):
    node = tmp_path / "node"
    node.touch(mode=0o600)
    assert nvidia._opens(node) == (os.geteuid() != 0)
    node.chmod(0o666)
    assert nvidia._opens(node)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = testing.Course(tmp_path_factory.mktemp("course")).release()
    for name in "abc":
        course.submit(name, testing.notebook(testing.RIGHT))
    where = os.getcwd()
    yield course
    os.chdir(where)


def test_asked_for_and_not_there(course, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(nvidia, "DEVICES", tmp_path)
    command = ["grade", testing.NAME, "--course", str(course.root), "--gpu"]
    assert commands.main(command) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Grading stopped: --gpu (c.Execute.gpu) asks for a card, and no NVIDIA")
    monkeypatch.setitem(course.config, "Execute", Config(gpu=True, **course.config.Execute))
    result = course.autograde("a")
    assert not result["success"] and "asks for a card, and no NVIDIA driver" in result["log"]
    assert not (course.root / "autograded" / "a").exists()


def test_a_card_of_this_machine_is_not_shown_on_others(course, cards, capsys):
    command = ["grade", testing.NAME, "--course", str(course.root), "--gpu"]
    assert commands.main([*command, "--scheduler", "tls://elsewhere:1"]) == 2
    assert "leave out --scheduler" in capsys.readouterr().err


def test_one_submission_at_a_time_is_on_a_card(course, cards, monkeypatch):
    counts = []
    monkeypatch.setattr(grading, "_here", lambda _: contextlib.nullcontext((None, None)))
    monkeypatch.setattr(grading, "_grade", lambda *given: counts.append(given[3]))
    for asked in (False, True):
        writer = grading.writer(course.root, config=Config({"Execute": {"gpu": asked}}))
        grading.grade(writer, testing.NAME, workers=3, progress=False)
    assert counts == [3, 1]
