"""What a sandbox that shows an NVIDIA card has more of: device nodes, and files to look things up.

Off by default; SECURITY.md says what a card opens. Which files the driver asks for was found by
others: that it needs all three nodes (github.com/nolabs-ai/nono/pull/652), /sys beside them
(github.com/truefoundry/trueforge/issues/466) and there its own modules
(github.com/Moulberry/PandoraLauncher/pull/523).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

DEVICES = Path("/dev")
NODES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")  # beside that of the card
SYSTEM = ("/sys/bus/pci", "/sys/devices")
MODULES = Path("/sys/module")
PROC = ("devices", "modules", "driver/nvidia")
LIBRARY = "libcuda.so.1"
LINKER = "/sbin/ldconfig"


def missing(card: int) -> str:
    """Why a card cannot be shown here, and what to do; an empty string where it can.

    Args:
        card: its number, as in /dev/nvidia0.
    """
    if not (DEVICES / NODES[0]).exists():
        return (
            f"no NVIDIA driver runs here (there is no {DEVICES / NODES[0]}): install it, and start "
            "a container with the machine's cards (docker run --gpus all)"
        )
    if not (DEVICES / f"nvidia{card}").exists():
        here = ", ".join(sorted(place.name[6:] for place in DEVICES.glob("nvidia[0-9]*")))
        return f"there is no card {card} here, but {here or 'none'}: set c.Execute.card"
    for node in nodes(card):
        place = DEVICES / node
        if not place.exists():
            return f"there is no {place}: `nvidia-modprobe -u -c 0` as root makes it"
        if not _opens(place):
            return f"the sandbox's user may not open {place}: `chmod 666 {place}` as root lets it"
    if not libraries():
        return (
            f"the driver's {LIBRARY} is not known to the linker: install the driver's libraries, "
            "or call `ldconfig` with their folder as root"
        )
    return ""


def _opens(place):
    """Root's sandbox runs as nobody; that of another user with the same rights."""
    if os.geteuid() == 0:
        return place.stat().st_mode & 0o006 == 0o006
    return os.access(place, os.R_OK | os.W_OK)


def nodes(card: int) -> list[str]:
    """The names in /dev of what shows a card."""
    return [*NODES, f"nvidia{card}"]


def libraries() -> list[str]:
    """The folders of the driver's library that the linker's cache knows, the sandbox's too."""
    try:
        said = subprocess.run([LINKER, "-p"], capture_output=True, text=True).stdout
    except OSError:
        return []
    lines = [line.split(" => ") for line in said.splitlines() if line.split()[:1] == [LIBRARY]]
    return sorted({os.path.dirname(os.path.realpath(place)) for _, place in lines})


def files() -> list[str]:
    """Files and folders that the driver looks into, to be shown read-only."""
    return [
        *(place for place in SYSTEM if os.path.exists(place)),
        *(str(place) for place in sorted(MODULES.glob("nvidia*"))),
        *libraries(),
    ]


def binds(card: int) -> list[str]:
    """bubblewrap's arguments that show the nodes of one card and no other's."""
    pairs = ((str(DEVICES / node), f"/dev/{node}") for node in nodes(card))
    return [word for pair in pairs for word in ("--dev-bind", *pair)]


def is_shown() -> bool:
    """Whether this process, in a sandbox, was shown a card."""
    return os.path.exists("/dev/nvidiactl")
