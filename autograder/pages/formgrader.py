"""formgrader's page of a submission: shown by our exporter, under a Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import re

from autograder.internals.of_formgrader import shown_by
from autograder.pages.exporters import NBGRADER, FormgraderExporter

# A file that was handed in, opened by its address: shown, but it acts for nobody.
FILE_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def _handlers_of_the_page():
    """The hashes of what nbgrader's page writes into its onclick attributes."""
    source = (NBGRADER / "formgrade" / "formgrade_macros.html.j2").read_text()
    for code in sorted(set(re.findall(r'onclick="([^"]*)"', source))):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


ONCLICK = " ".join(_handlers_of_the_page())


def page_policy(nonce: str) -> str:
    """What the page may do: run the scripts with this nonce, and ask this server for the marks."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'unsafe-hashes' {ONCLICK}",
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self'",
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        ]
    )


def named(student: dict) -> dict:
    """A student of formgrader's list; who has no name is shown by the id, not as "None, None"."""
    if student["last_name"] is None and student["first_name"] is None:
        return {**student, "last_name": student["id"], "first_name": "(no name)"}
    return student


def _exporter(config, nonce):
    exporter = FormgraderExporter(config=config)
    exporter.nonce = nonce
    return exporter


def install() -> None:
    """Have this Jupyter server show submissions so, whatever course they are of."""
    shown_by(_exporter, page_policy, FILE_POLICY, named)
