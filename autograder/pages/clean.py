"""A student's text and HTML as HTML that a page may hold: what is listed here stays, no more.

Nothing is judged by how it was written: Markdown is rendered first, and what comes out is parsed as
browsers parse it, filtered by nh3, and written anew. What is left runs nothing, loads nothing from
elsewhere, positions nothing over the page, and has no name that the page's own scripts look for.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import nh3
from pygments.token import STANDARD_TYPES

LONGEST = 100_000  # characters of a text; a longer one is shown as it was written
LARGEST_PICTURE = 8 * 1024**2
ROOM = 32 * 1024**2  # characters of all pictures of a page: one may be named any number of times
PREFIX = "answer--"  # of every id, so that none is one of the page's own

TAGS = set(
    """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub
    summary sup table tbody td tfoot th thead tr u ul var
    """.split()  # noqa: SIM905
)
ATTRIBUTES = {
    "*": {"style", "title", "id", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "col": {"span"},
    "ol": {"start"},
    "details": {"open"},
}
# Colours, lines and alignment. Nothing that takes an address, and nothing that moves what it is on.
STYLES = set(
    """
    color background-color text-align text-decoration font-weight font-style font-family
    border border-top border-right border-bottom border-left border-collapse border-color
    border-style border-width padding padding-top padding-right padding-bottom padding-left
    white-space
    """.split()  # noqa: SIM905
)
CLASSES = {
    "span": {name for name in STANDARD_TYPES.values() if name},
    "pre": {"highlight"},
    "table": {"dataframe"},
}
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",  # in an <img>, where a browser runs and loads nothing of it
}
DATA = re.compile(rf"data:({'|'.join(map(re.escape, PICTURES.values()))});base64,([\w+/=%\s]*)")
NUMBER = re.compile(r"\d{1,4}(\.\d{1,3})?%?")
WEB = re.compile(r"https?://[^/?#\\]", re.IGNORECASE)


def clean_html(
    text: str, attachments: Mapping | None = None, folder: str | None = None, room: int = ROOM
) -> str:
    """HTML with nothing in it but what is listed above.

    Args:
        attachments: those of the text's cell, {name: {kind: base64}}.
        folder: where pictures may lie that the text names; they are put into the page.
        room: characters that its pictures may take together; the others are left out.
    """
    if len(text) > LONGEST:
        return f"<pre>{html.escape(text)}</pre>"

    def judged(tag, name, value):
        nonlocal room
        if name == "src":
            found = picture(value, attachments or {}, folder, room)
            if found is None or len(found) > room:
                return None
            room -= len(found)
            return found
        if name == "href":
            return address(value)
        if name == "id":
            return PREFIX + value
        if name in ("width", "height", "colspan", "rowspan", "span", "start"):
            return value if NUMBER.fullmatch(value) else None
        return value

    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags={"script", "style", "title", "textarea", "noscript", "template"},
        attributes=ATTRIBUTES,
        attribute_filter=judged,
        allowed_classes=CLASSES,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "data", "attachment"},
        link_rel="noopener noreferrer",
    )


def address(value: str) -> str | None:
    """Where a link may lead: to a web page, or to a heading of the same notebook."""
    if value.startswith("#"):
        return f"#{PREFIX}{value[1:]}"
    return value if WEB.match(value) else None


def picture(
    value: str, attachments: Mapping | None, folder: str | None, room: int = ROOM
) -> str | None:
    """A picture's address: one that holds the picture, for pages load none; None without one."""
    if value.startswith("attachment:"):
        name = value.removeprefix("attachment:")
        found = attachments.get(name) or attachments.get(unquote(name)) or {}
        kinds = [kind for kind in PICTURES.values() if isinstance(found.get(kind), str)]
        value = f"data:{kinds[0]};base64,{found[kinds[0]]}" if kinds else ""
    if DATA.fullmatch(value):
        return value
    return _embedded(folder, unquote(value), room) if folder and ":" not in value else None


def _embedded(folder, name, room):
    folder = Path(folder).resolve()
    try:
        path = (folder / name).resolve()
        kind = PICTURES.get(path.suffix.lower())
        inside = path.is_relative_to(folder) and path.is_file()
        if kind is None or not inside or path.stat().st_size > min(LARGEST_PICTURE, room):
            return None
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
    except (OSError, ValueError):  # no such file, or a name that no file can have
        return None
