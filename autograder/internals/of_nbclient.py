"""nbclient and jupyter_client, driven step by step.

Read: `NotebookClient` (`__init__`, `async_start_new_kernel`, `async_execute_cell`,
`_async_handle_timeout`, `process_message`) in nbclient/client.py, `KernelClient.wait_for_ready` and
`Session.unpack` in jupyter_client, nbgrader's `Execute`. The last is a `NotebookClient`, too, and
not used: importing nbgrader takes a process longer than all else that it needs.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import nbformat
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient.client import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from traitlets import Type, default

if TYPE_CHECKING:
    from jupyter_client import KernelManager
    from nbformat import NotebookNode

START_SECONDS = 180  # of the wall clock, of which a busy machine may need many

__all__ = ["CellTimeoutError", "Client", "DeadKernelError", "KernelDriver", "Manager", "release"]


class KernelDriver(NotebookClient):
    """A kernel, driven one cell at a time as nbgrader's Execute does it.

    What Execute.preprocess does, in one event loop: this may run in a thread, where the loop that
    jupyter_client would take belongs to another.
    """

    def __init__(self, **keywords: Any):
        super().__init__(nbformat.v4.new_notebook(), **keywords)
        self.interrupt_on_timeout = self.allow_errors = self.raise_on_iopub_timeout = True
        self.error_on_timeout = {
            "ename": "CellTimeoutError",
            "evalue": "",
            "traceback": ["CellTimeoutError: No reply from kernel before timeout"],
        }

    def on_cell_executed(self, cell: NotebookNode, execute_reply: dict[str, Any], **_: Any) -> None:
        """Keep an error that the reply alone tells of: the cell earns no points."""
        reply = execute_reply["content"]
        if reply["status"] != "error":
            return
        if not any(output.get("ename") == reply["ename"] for output in cell.outputs):
            parts = {name: reply[name] for name in ("ename", "evalue", "traceback")}
            cell.outputs.append(nbformat.v4.new_output("error", **parts))

    async def start(
        self, notebook: NotebookNode, manager: KernelManager, folder: str, **keywords: Any
    ) -> None:
        """Start a kernel for a notebook; its client comes with `connect`."""
        NotebookClient.__init__(self, notebook, manager)
        self.reset_execution_trackers()
        self.resources = {"metadata": {"path": folder}} if folder is not None else {"metadata": {}}
        await self.async_start_new_kernel(**keywords)

    async def connect(self) -> None:
        """Make a client of the kernel, and note the kernel's language in the notebook."""
        await self.async_start_new_kernel_client()
        info = await self.async_wait_for_reply(self.kc.kernel_info())
        self.nb.metadata["language_info"] = info["content"]["language_info"]

    def on_timeout(self) -> None:
        """Called when a cell's time is over, before the kernel is interrupted."""

    async def _async_handle_timeout(self, timeout, cell=None):
        self.on_timeout()
        return await super()._async_handle_timeout(timeout, cell)

    def put_out(self, kind: str, content: dict, cell: NotebookNode, index: int) -> None:
        """Take what a cell puts out that did not come as a message of its kernel."""
        self.clear_before_next_output = False
        header = {"msg_type": kind}
        message = {"header": header, "parent_header": {}, "content": content, **header}
        self.process_message(message, cell, index)


class Client(AsyncKernelClient):
    """A client of a kernel that is bound already, and that may send more than is good for us."""

    largest_message, waiting_messages = 8 * 1024**2, 16

    @default("context")
    def _context_default(self):
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, self.largest_message)
        context.setsockopt(zmq.RCVHWM, self.waiting_messages)
        self._created_context = True
        return context

    def __init__(self, **keywords):
        super().__init__(**keywords)
        parse = self.session.unpack

        def unpack(content):
            self.look_at(content)
            return parse(content)

        self.session.unpack = unpack

    def look_at(self, content: bytes) -> None:
        """Raise ValueError where a part of a message is not to be parsed."""

    async def _async_wait_for_ready(self, timeout=None):
        """Wait until the kernel answers and its messages arrive, without the usual pauses."""
        request = self.kernel_info()
        async with asyncio.timeout(timeout or START_SECONDS):
            while True:
                reply = await self.shell_channel.get_msg()
                if reply["parent_header"].get("msg_id") == request:
                    break
            # The subscription to iopub is made in the background: ask again until it is heard.
            while not await self.iopub_channel.msg_ready():
                await asyncio.sleep(0.01)
                if not await self.iopub_channel.msg_ready():
                    self.kernel_info()
            self._handle_kernel_info_reply(reply)

    wait_for_ready = _async_wait_for_ready


class Manager(AsyncKernelManager):
    """A kernel manager whose clients are ours."""

    client_factory = Type(klass=Client)


async def release(manager: KernelManager) -> None:
    """Let go of what a manager holds."""
    await manager._async_cleanup_resources()
