"""A student's Markdown, and an output's HTML, as a page shows them: clean, formulas typeset."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import partial

from IPython.lib.lexers import IPython3Lexer
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from autograder.pages import formulas
from autograder.pages.clean import LONGEST, ROOM, clean_html

# nh3 writes every attribute in double quotes, and no double quote within them.
TAG = re.compile(r'<(/?)([a-zA-Z][^\s/>]*)(?:[^>"]|"[^"]*")*>')
AS_THEY_ARE = {"code", "pre", "kbd", "samp"}


def written(
    text: str, attachments: Mapping | None = None, folder: str | None = None, room: int = ROOM
) -> str:
    """Markdown as clean HTML, with its formulas typeset; `room` as of `clean_html`."""
    if len(text) > LONGEST:
        return f"<pre>{html.escape(text)}</pre>"
    return with_formulas(clean_html(_markdown.render(text), attachments, folder, room))


def shown(text: str | Sequence[str], folder: str | None = None, room: int = ROOM) -> str:
    """An output's HTML, clean, with its formulas typeset; `room` as of `clean_html`."""
    return with_formulas(clean_html("".join(text), folder=folder, room=room))


def coloured(source: str, language: str = "ipython3", room: int = ROOM) -> str:
    """A cell's code as HTML, its words in classes of their own; of any language that is known."""
    shown = _coloured(source, language) if len(source) <= LONGEST else ""
    shown = shown if shown and len(shown) <= room else html.escape(source)
    return f'<div class="highlight"><pre>{shown}</pre></div>'


def with_formulas(cleaned: str) -> str:
    """Clean HTML with the formulas in its text typeset, except in code."""
    parts, place, closed = [], 0, []
    for tag in TAG.finditer(cleaned):
        text = cleaned[place : tag.start()]
        parts += [text if closed else formulas.typeset(text), tag.group()]
        place = tag.end()
        if tag.group(2) in AS_THEY_ARE:
            if tag.group(1):
                closed = closed[:-1]
            else:
                closed.append(tag.group(2))
    return "".join([*parts, formulas.typeset(cleaned[place:])])


def _code(source, language, _):
    return f'<pre class="highlight">{_coloured(source, language) or escapeHtml(source)}</pre>'


def _coloured(source, language):
    """Code as HTML; an empty text where the language is none that is known."""
    try:
        lexer = IPython3Lexer() if language == "ipython3" else get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    return highlight(source, lexer, HtmlFormatter(nowrap=True))


def _parser():
    # Twenty levels of lists and quotes; deeper ones are shown as they were written.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 20, "highlight": _code})
    parser.enable(["table", "strikethrough"]).use(deflist_plugin)
    parser.use(anchors_plugin, max_level=6, slug_func=lambda title: title.replace(" ", "-"))
    parser.use(dollarmath_plugin, allow_labels=False, double_inline=True).use(amsmath_plugin)
    # The formulas stay as they are: `with_formulas` finds them, and those in a student's HTML too.
    marks = {"math_inline": "$", "math_inline_double": "$$", "math_block": "$$", "amsmath": ""}
    for kind, mark in marks.items():
        parser.renderer.rules[kind] = partial(_formula, mark)
    parser.renderer.rules["text"] = _plain
    return parser


def _plain(tokens, index, *_):
    # A dollar that Markdown took for no formula, such as an escaped one, stays a dollar.
    return escapeHtml(tokens[index].content).replace("$", r"\$")


def _formula(mark, tokens, index, *_):
    return f"{mark}{escapeHtml(tokens[index].content)}{mark}"


_markdown = _parser()
