"""formgrader's handlers, which have no options.

Read: `SubmissionHandler` and `SubmissionFilesHandler` (server_extensions/formgrader/handlers.py),
`StudentCollectionHandler` (apihandlers.py).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from traitlets.config import Config


def shown_by(
    exporter: Callable[[Config, str], HTMLExporter],
    page_policy: Callable[[str], str],
    file_policy: str,
    named: Callable[[dict], dict],
) -> None:
    """Have this Jupyter server show submissions so, whatever course they are of; once.

    Args:
        exporter: makes the exporter of a page from the settings and the page's nonce.
        page_policy: the Content-Security-Policy of a page with this nonce.
        file_policy: the one of a file that was handed in.
        named: a student of the list as it is shown.
    """
    page, files = handlers.SubmissionHandler, handlers.SubmissionFilesHandler
    if "nonce" in vars(page):
        return

    def nonce(handler):
        if not hasattr(handler, "_nonce"):
            handler._nonce = secrets.token_urlsafe(16)
        return handler._nonce

    def of_page(handler):
        return exporter(handler.settings["nbgrader_exporter"].config, handler.nonce)

    _list_by(apihandlers.StudentCollectionHandler, named)
    page.nonce = property(nonce)
    page.exporter = property(of_page)
    page.content_security_policy = property(lambda handler: page_policy(handler.nonce))
    files.content_security_policy = file_policy


def _list_by(students, named):
    original = students.get

    def get(handler):
        write = handler.write
        handler.write = lambda text: write(json.dumps([named(s) for s in json.loads(text)]))
        return original(handler)

    students.get = get
