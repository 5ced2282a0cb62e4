"""TeX as MathML: browsers show it by themselves, offline, and no script has to run."""

from __future__ import annotations

import html
import re

from latex2mathml.converter import convert_to_element

LONGEST = 5000  # characters; the time to convert grows with them
DEEPEST = 200
TAGS = set(
    """
    math mrow mi mo mn ms mtext mfrac msqrt mroot msub msup msubsup munder mover munderover
    mmultiscripts mprescripts none mtable mtr mtd mspace mstyle menclose mphantom mpadded
    """.split()  # noqa: SIM905
)
# Attributes that set how a formula looks, and none that move it, link or load.
ATTRIBUTES = {
    "display": re.compile(r"inline|block"),
    "displaystyle": re.compile(r"true|false"),
    "scriptlevel": re.compile(r"[+-]?\d"),
    "mathvariant": re.compile(r"[a-z-]{1,30}"),
    "mathcolor": re.compile(r"#?\w{1,30}"),
    "stretchy": re.compile(r"true|false"),
    "fence": re.compile(r"true|false"),
    "separator": re.compile(r"true|false"),
    "movablelimits": re.compile(r"true|false"),
    "accent": re.compile(r"true|false"),
    "form": re.compile(r"prefix|infix|postfix"),
    "columnalign": re.compile(r"(left|right|center)( (left|right|center)){0,20}"),
    "notation": re.compile(r"[a-z ]{1,60}"),
    "linethickness": re.compile(r"\d(\.\d+)?(px|pt|em)?"),
    "width": re.compile(r"\d(\.\d+)?em"),  # of a space: never negative, never wide
    "minsize": re.compile(r"\d(\.\d+)?em"),
    "maxsize": re.compile(r"\d(\.\d+)?em"),
}
# latex2mathml knows no `aligned` without its star; the two look the same here.
SAME = re.compile(r"\\(begin|end)\{(aligned|split|gathered|alignedat)\}")
# As in JupyterLab: $$ a $$, $ a $, \[ a \], \( a \) and \begin{x} a \end{x}; \$ is a dollar.
START = re.compile(r"\\\$|\$\$?|\\\[|\\\(|\\begin\{([a-z]{1,20}\*?)\}")
END = {"$$": "$$", "$": "$", r"\[": r"\]", r"\(": r"\)"}


def mathml(tex: str, display: bool = False) -> str:
    """A formula as MathML; as code where it cannot be read."""
    shown = f"<code>{html.escape(tex)}</code>"
    if len(tex) > LONGEST:
        return shown
    tex = SAME.sub(r"\\\1{align*}", tex)
    try:
        return _written(convert_to_element(tex, display="block" if display else "inline"))
    except RecursionError:
        return shown
    except Exception:  # what latex2mathml raises on a formula that is none has no common base
        return shown


def _written(element, depth=0):
    if depth > DEEPEST:
        raise RecursionError
    content = html.escape(html.unescape(element.text or ""))
    content += "".join(_written(child, depth + 1) for child in element)
    if element.tag not in TAGS:
        return content
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in ATTRIBUTES and ATTRIBUTES[name].fullmatch(value)
    )
    return f"<{element.tag}{attributes}>{content}</{element.tag}>"


def typeset(text: str) -> str:
    """The formulas in some text of an HTML page (escaped, without tags) as MathML."""
    parts, place = [], 0
    while found := START.search(text, place):
        parts.append(text[place : found.start()])
        opening, environment = found.group(), found.group(1)
        end = rf"\end{{{environment}}}" if environment else END.get(opening)
        close = -1 if end is None else _close(text, end, found.end())
        if close < 0 or not text[found.end() : close].strip():
            parts.append("$" if opening == r"\$" else opening)
            place = found.end()
            continue
        place = close + len(end)
        inside = text[found.start() : place] if environment else text[found.end() : close]
        display = bool(environment) or opening in ("$$", r"\[")
        parts.append(mathml(html.unescape(inside).strip(), display))
    return "".join([*parts, text[place:]])


def _close(text, end, start):
    """Where a formula ends: at its mark, where no backslash stands before a dollar; else -1."""
    while (place := text.find(end, start, start + LONGEST)) >= 0:
        if end[0] != "$" or text[place - 1] != "\\":
            return place
        start = place + 1
    return -1
