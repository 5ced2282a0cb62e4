"""Renders what a student wrote in a process of its own, which is ended when it takes too long.

Parsers of Markdown, of formulas and of a hundred programming languages do not promise how long they
take for odd text. A text or code that takes too long is shown as it was written.
"""

from __future__ import annotations

import html
import multiprocessing
import signal
import time
from collections.abc import Mapping

from autograder.pages import markdown
from autograder.pages.clean import ROOM
from checked_call import end_process_after, limit_memory

SECONDS = 10  # of processor time, for one text
PAGE_SECONDS = 60  # for all of a page
BUSY = 30  # the wall clock may show so many times more on a busy machine
MEMORY = 2 * 1024**3


class Renderer:
    """Calls `markdown.written`, `markdown.shown` and `markdown.coloured` elsewhere."""

    def __init__(self):
        self.process = self.connection = None
        self.begin_page()

    def begin_page(self) -> None:
        """All of the time and of the room is there again."""
        self.remaining_seconds, self.room = PAGE_SECONDS, ROOM

    def written(
        self, text: str, attachments: Mapping | None = None, folder: str | None = None
    ) -> str:
        """Markdown as clean HTML."""
        return self._render("written", text, attachments, folder)

    def shown(self, text: str, folder: str | None = None) -> str:
        """An output's HTML, clean."""
        return self._render("shown", text, folder)

    def coloured(self, source: str, language: str = "ipython3") -> str:
        """A cell's code."""
        return self._render("coloured", source, language)

    def _render(self, name, text, *more):
        text = "".join(text)
        limit = min(SECONDS, self.remaining_seconds)
        if limit > 0:
            try:
                self._start()
                self.connection.send((name, text, (*more, self.room), limit))
                if self.connection.poll(BUSY * limit):
                    cleaned, seconds = self.connection.recv()
                    self.remaining_seconds -= seconds
                    self.room = max(self.room - len(cleaned), 0)
                    return cleaned
            except (EOFError, OSError):
                pass
            self.remaining_seconds -= limit
            self.close()
        return f"<pre>{html.escape(text)}</pre>"

    def _start(self):
        if self.process is not None and self.process.is_alive():
            return
        self.close()
        known = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in known else "spawn")
        self.connection, end_of_process = context.Pipe()
        self.process = context.Process(target=_serve, args=(end_of_process,), daemon=True)
        self.process.start()
        end_of_process.close()
        self.connection.recv()

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.connection.close()
            self.process.kill()
            self.process.join()
            self.process = self.connection = None


def _serve(connection):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's is for the command
    limit_memory(MEMORY)
    connection.send("ready")
    while True:
        try:
            name, text, more, limit = connection.recv()
        except EOFError:
            return
        began = time.process_time()
        end_process_after(limit)
        try:
            cleaned = getattr(markdown, name)(text, *more)
        except MemoryError:
            cleaned = f"<pre>{html.escape(text)}</pre>"
        end_process_after(0)
        connection.send((cleaned, time.process_time() - began))


renderer = Renderer()
