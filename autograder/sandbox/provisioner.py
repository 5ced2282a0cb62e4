"""A jupyter_client kernel provisioner whose kernels are forks of a sandboxed fork server.

`manager` makes a kernel manager that uses it, so that nbclient drives a fork as it drives any other
kernel.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import struct
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory
from traitlets import Any, Bool, Dict, List, Type, Unicode

from autograder.internals import of_nbclient
from autograder.internals.of_nbclient import START_SECONDS
from autograder.sandbox import processor_time
from autograder.sandbox.bubblewrap import ForkServer, SandboxError, environment, readable
from autograder.sandbox.control_groups import Group
from autograder.sandbox.fork_server import MESSAGE
from autograder.sandbox.isolation import KERNEL
from autograder.sandbox.json_depth import too_deep
from autograder.sandbox.limits import Limits

if TYPE_CHECKING:
    from jupyter_client import AsyncKernelManager

NAME = "autograder-sandboxed-fork"
MOST_BRACKETS = 200_000  # of a message: each becomes an object when it is parsed
REFUSAL = (
    "{name} is the course's own solution of what this exercise asks for, so it cannot be "
    "imported here. Write the function yourself."
)


@cache
def shared_server() -> ForkServer:
    """The fork server of this process, for a kernel spec that names none."""
    return ForkServer()


class ForkProvisioner(KernelProvisionerBase):
    """Starts, signals and ends one fork of a fork server."""

    server = Any(help="autograder.sandbox.bubblewrap.ForkServer; this process's own when None")
    limits = Any(Limits(), help="autograder.sandbox.limits.Limits")
    bounded = Bool(help="refuse to run where no control group bounds its memory")
    variables = Dict(help="environment variables of the kernel, beside the sandbox's own")
    program = Unicode("autograder.sandbox.kernel:main", help="what runs in the fork")
    refused = List(Unicode(), help="patterns of module names that cannot be imported")
    refusal = Unicode(REFUSAL)
    libraries = List(Unicode(), help="what the server is to load for the next ones")
    masked = Dict(help="{path: text}: files whose text is replaced; None: an empty folder")
    files = Dict(help="{relative path: bytes}: what lies in the working folder")
    channels = List(help="sockets to hand to the program")
    settings = Dict(help="what else the program needs to know, as JSON")

    folder = connection = group = None
    returncode = process = None
    lost = False  # the fork server ended before the kernel did

    @property
    def has_process(self) -> bool:
        return self.connection is not None

    async def pre_launch(self, **kwargs: Any) -> dict:
        """Put the files in place and choose the paths of the sockets."""
        if self.server is None:
            self.server = shared_server()
        await asyncio.to_thread(self.server.start)
        self.folder = self.server.folder()
        for name, content in self.files.items():
            path = Path(self.folder, "files", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o644)
        manager = self.parent
        manager.transport, manager.ip = "ipc", f"{self.folder}/s"
        ports = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
        for number, port in enumerate(ports, start=1):
            setattr(manager, port, number)
        self.connection_info = manager.get_connection_info()
        return {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Ask for the fork and wait until its sockets are bound."""
        await asyncio.to_thread(self._launch)
        return self.connection_info

    def _launch(self):
        self.returncode = None
        limits = self.limits
        try:
            self.group = Group(limits.memory + limits.disk, limits.processes, self.bounded)
        except OSError as error:
            raise SandboxError(str(error)) from error
        info = dict(
            self.connection_info, ip=f"{KERNEL}/s", key=self.connection_info["key"].decode()
        )
        request = {
            "kernel": os.path.basename(self.folder),
            "program": self.program,
            "connection": info,
            "limits": limits.as_dict(),
            "env": environment() | self.variables,
            "refused": list(self.refused),
            "refusal": self.refusal,
            "masked": dict(self.masked),
            "libraries": list(self.libraries),
            "settings": dict(self.settings),
        }
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            connection.settimeout(START_SECONDS)
            connection.connect(self.server.socket)
            data = json.dumps(request).encode()
            socket.send_fds(connection, [data], [channel.fileno() for channel in self.channels])
            _, ancillary, _, _ = connection.recvmsg(MESSAGE, socket.CMSG_SPACE(12))
            for level, kind, content in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                    warden = struct.unpack("iII", content)[0]
                    self.group.add(warden)
            connection.send(b'{"go": true}')
            answer = json.loads(connection.recv(MESSAGE) or "{}")
        except OSError as error:
            connection.close()
            raise SandboxError(f"the fork server does not answer: {error}") from error
        if "ready" not in answer:
            connection.close()
            raise SandboxError(f"the submission's walls could not be put up: {answer}")
        self.connection = connection
        self.process = processor_time.kernel_of(warden)

    def processor_seconds(self) -> float | None:
        """What the kernel's main thread has computed so far."""
        return processor_time.main_thread_seconds(self.process)

    def _send(self, **message):
        try:
            self.connection.send(json.dumps(message).encode())
        except OSError:
            return

    async def poll(self) -> int | None:
        """None while the kernel runs, else its return code (minus the signal that ended it)."""
        while self.returncode is None and self.connection is not None:
            if not readable(self.connection, 0):
                return None
            try:
                message = json.loads(self.connection.recv(MESSAGE) or "null")
            except OSError:
                message = None
            if message is None:  # no submission can do that: the server itself was killed
                self.lost, message = True, {"exit": -signal.SIGKILL}
            self.returncode = message.get("exit")
        return self.returncode

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        return self.returncode

    async def send_signal(self, signum: int) -> None:
        if self.connection is not None:
            self._send(signal=int(signum))

    def kill_now(self) -> None:
        """End the kernel and everything it started, from outside an event loop too."""
        if self.connection is not None:
            self._send(kill=True)

    async def kill(self, restart: bool = False) -> None:
        self.kill_now()

    async def terminate(self, restart: bool = False) -> None:
        self.kill_now()

    async def cleanup(self, restart: bool = False) -> None:
        if self.group is not None:
            self.group.close()
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)


class Client(of_nbclient.Client):
    """Refuses messages that would harm the parser."""

    def look_at(self, content: dict) -> None:
        if too_deep(content):
            raise ValueError("a message nested too deeply")
        if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
            raise ValueError("a message of too many parts")


class Manager(of_nbclient.Manager):
    """A kernel manager whose clients are ours."""

    client_factory = Type(klass=Client)


class _Specs(KernelSpecManager):
    spec = Any()

    def get_kernel_spec(self, kernel_name):
        return self.spec


def manager(**config: Any) -> AsyncKernelManager:
    """A kernel manager for one fork; keywords are the traits of ForkProvisioner."""
    KernelProvisionerFactory.provisioners[NAME] = EntryPoint(
        NAME, f"{__name__}:ForkProvisioner", KernelProvisionerFactory.GROUP_NAME
    )
    spec = KernelSpec(
        argv=[],
        display_name="sandboxed fork",
        language="python",
        metadata={"kernel_provisioner": {"provisioner_name": NAME, "config": config}},
    )
    return Manager(kernel_name="python3", kernel_spec_manager=_Specs(spec=spec))
