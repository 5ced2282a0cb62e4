# ruff: noqa: E501 (an attack is easier to read in one line)
"""Forms in which a submission may try to act in the browser of whoever reads it.

In each, `@` stands for what the attack wants run: code that gives full marks through formgrader's
API. FETCHED is an address that a picture, a style or a font would be fetched from.
"""

import base64
import json

import nbformat

FETCHED = "http://127.0.0.1:9/told"
CODE = (
    "document.title=1;"
    "fetch(base_url+`/api/grades?submission_id=`+submission_id).then(r=>r.json()).then(all=>"
    "all.forEach(g=>{g.manual_score=g.max_score;fetch(base_url+`/api/grade/`+g.id,{method:`PUT`,"
    "headers:{[`X-XSRFToken`]:getCookie(`_xsrf`)},body:JSON.stringify(g)})}));alert(1)"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="@"><script>@</script></svg>'
OVERLAY = "position:fixed;top:0;left:0;width:100%;height:100%;background:white;z-index:99999"
DATA_PAGE = base64.b64encode(b"<script>parent.alert(1)</script>").decode()

# Of a written answer, or any other text cell.
MARKDOWN = {
    "comment-ends-at-once": '<!--> <img src=x onerror="@"> -->',
    "comment-ends-at-dash": '<!---> <img src=x onerror="@"> -->',
    "comment-ends-with-bang": '<!-- a --!> <img src=x onerror="@"> -->',
    "comment-in-paragraph": 'a <!--> <img src=x onerror="@"> --> b',
    "comment-never-ends": '<!-- <img src=x onerror="@">',
    "cdata": '<![CDATA[><img src=x onerror="@">]]>',
    "cdata-in-paragraph": 'a <![CDATA[> <img src=x onerror="@"> ]]> b',
    "declaration": '<!DOCTYPE x [ "> <img src=x onerror="@"> ]>',
    "processing-instruction": '<?x > <img src=x onerror="@"> ?>',
    "link": "[look](javascript:@)",
    "link-escaped": "[look](javascript\\:@)",
    "link-entity": "[look](javascript&colon;@)",
    "link-number": "[look](&#106;avascript:@)",
    "link-case": "[look](JaVaScRiPt:@)",
    "link-tab": "<a href='java&#9;script:@'>look</a>",
    "link-control": "<a href='&#1;javascript:@'>look</a>",
    "link-angle": "[look](<javascript:@>)",
    "link-reference": "[look][a]\n\n[a]: javascript:@",
    "link-reference-escaped": "[look][a]\n\n[a]: javascript\\:@",
    "link-reference-entity": "[look][a]\n\n[a]: <javascript&#58;@>",
    "link-auto": "<javascript:@>",
    "link-data": f"[look](data:text/html;base64,{DATA_PAGE})",
    "link-vbscript": "[look](vbscript:@)",
    "link-blob": "[look](blob:@)",
    "link-of-picture": "[![x](javascript:@)](javascript:@)",
    "title-breaks-out": '[look](http://example.org \'"onmouseover="@"\')',
    "alt-breaks-out": '![" onerror="@](x.png)',
    "class-of-code-block": '```x"onmouseover="@"\nlook\n```',
    "mermaid": '```mermaid\n</pre><img src=x onerror="@">\n```',
    "script": "<script>@</script>",
    "script-split": "<scr<script>ipt>@</script>",
    "script-src": f"<script src='{FETCHED}'></script>",
    "script-src-of-this-server": "<script src='data.js'></script>",
    "picture": '<img src=x onerror="@">',
    "picture-slashes": '<img/src=x/onerror="@">',
    "picture-broken": '<img src="x" onerror="@"',
    "picture-grave": '<img src=`x` onerror="@">',
    "svg": SVG,
    "svg-animate": '<svg><a><animate attributeName=href values="javascript:@"/><text>look</text></a>',
    "svg-use": "<svg><use href='data:image/svg+xml;base64,PHN2Zz4='/></svg>",
    "math-link": '<math><maction actiontype="statusline#@" xlink:href="javascript:@">x</maction>',
    "math-href": '<math href="javascript:@">look</math>',
    "mutation-math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img"
    " src=1 onerror=@&gt;'>",
    "mutation-svg": "<svg></p><style><a id=\"</style><img src=1 onerror='@'>\">",
    "mutation-noscript": "<noscript><p title=\"</noscript><img src=x onerror='@'>\">",
    "mutation-select": "<select><template><img src=x onerror='@'></template></select>",
    "mutation-form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror='@'>",
    "mutation-title": "<title><a title='</title><img src=x onerror=@>'>",
    "mutation-textarea": "<textarea><a title='</textarea><img src=x onerror=@>'>",
    "plaintext": "<plaintext><img src=x onerror='@'>",
    "details": "<details open ontoggle='@'>x</details>",
    "handler-focus": "<input autofocus onfocus='@'>",
    "handler-animation": "<style>@keyframes x{}</style><b style='animation-name:x' onanimationend='@'>",
    "handler-scroll": "<div style='overflow:auto' onscroll='@' tabindex=0>x</div>",
    "video": "<video><source onerror='@'></video><audio src=x onerror='@'></audio>",
    "frame": "<iframe srcdoc='<script>parent.eval(`@`)</script>'></iframe>",
    "frame-javascript": "<iframe src='javascript:@'></iframe>",
    "frame-remote": f"<iframe src='{FETCHED}'></iframe>",
    "object": f"<object data='{FETCHED}'></object><embed src='{FETCHED}'>",
    "refresh": f"<meta http-equiv=refresh content='0;url={FETCHED}'>",
    "base": f"<base href='{FETCHED}/'>",
    "form": f"<form action='{FETCHED}'><button style='{OVERLAY}'>Next</button></form>",
    "picture-remote": f"![x]({FETCHED}.png)",
    "picture-remote-html": f"<img src='{FETCHED}.png' srcset='{FETCHED}2.png 2x'>",
    "picture-remote-reference": f"![x][a]\n\n[a]: {FETCHED}.png",
    "picture-remote-no-scheme": "![x](//127.0.0.1:9/told.png)",
    "picture-logs-out": "![x](/logout)",
    "picture-set": f"<picture><source srcset='{FETCHED}'><img></picture>",
    "video-remote": f"<video poster='{FETCHED}' src='{FETCHED}' autoplay></video>",
    "style-import": f"<style>@import '{FETCHED}';</style>",
    "style-link": f"<link rel=stylesheet href='{FETCHED}'><link rel=prefetch href='{FETCHED}'>",
    "style-background": f"<p style='background-image:url({FETCHED})'>x</p>",
    "style-background-short": f"<p style='background:url({FETCHED})'>x</p>",
    "style-list": f"<ul style='list-style-image:url({FETCHED})'><li>x</ul>",
    "style-cursor": f"<p style='cursor:url({FETCHED}),auto;color:red'>x</p>",
    "style-colour": f"<p style='background-color:url({FETCHED});color:url({FETCHED})'>x</p>",
    "style-content": f"<p style='content:url({FETCHED});border-image:url({FETCHED})'>x</p>",
    "style-escaped": f"<p style='b\\61 ckground:u\\72l({FETCHED})'>x</p>",
    "table-background": f"<table background='{FETCHED}'><tr><td background='{FETCHED}'>x</table>",
    "overlay": f"<div style='{OVERLAY}'>Score: 10 of 10</div>",
    "overlay-absolute": "<div style='position:absolute;top:0;left:0;z-index:9'>10 of 10</div>",
    "overlay-sticky": "<div style='position:sticky;top:0'>Score: 10 of 10</div>",
    "overlay-class": "<div class='navbar navbar-fixed-top modal-backdrop'>Score: 10 of 10</div>",
    "overlay-margin": "<div style='margin-top:-900px;background:white'>Score: 10 of 10</div>",
    "overlay-transform": "<div style='transform:translateY(-500px)'>Score: 10 of 10</div>",
    "overlay-height": "<div style='height:0;line-height:0'>Score: 10 of 10</div>",
    "overlay-popover": "<div popover id=p>10 of 10</div><button popovertarget=p>x</button>",
    "overlay-dialog": "<dialog open>Score: 10 of 10</dialog>",
    "overlay-formula": "$\\hspace{-50em}\\text{Score: 10}$ $\\raise{90pt}{10 of 10}$",
    "clobber-id": "<input id='test-visible' class='score' value=3><a id='submission_id'>x</a>",
    "clobber-name": "<form name='getCookie'></form><img name='base_url'><a id=base_url href='x:y'>",
    "clobber-jquery": "<div class='nbgrader_cell'><button class='full-credit'>x</button></div>",
    "data-link": "<a data-link='../../evil' data-toggle='tooltip' title='<img src=x onerror=@>'>x</a>",
    "closes-the-cell": '</div></div></div></div></div><div class="help">look</div>',
    "formula-breaks-out": "$</math><img src=x onerror='@'>$ $$a<img src=x onerror='@'>b$$",
    "formula-link": "$\\href{javascript:@}{look}$ $\\class{navbar-fixed-top}{x}$",
    "formula-style": f"$\\style{{{OVERLAY}}}{{10}}$ $\\color{{red;{OVERLAY}}}{{10}}$",
    "formula-in-attribute": "<b title='$x$' class='$x$'>$<i>$</b> ![$x$\"><img src=x onerror=@>](x)",
    "formula-across-tags": "<b title='$'>a</b> \" onmouseover='@' $ <img src=x onerror='@'>",
    "formula-picture": f"$\\includegraphics{{{FETCHED}}}$ $\\unicode{{x3c}}img src=x onerror=@>$",
    "table": "| a |\n|---|\n| <img src=x onerror='@'> |",
    "heading": "# <img src=x onerror='@'>\n\n## a\" onmouseover=\"@",
    "footnote": "a[^1]\n\n[^1]: <img src=x onerror='@'>",
    "null": "<scr\0ipt>@</scr\0ipt><img src=x one\0rror='@'>",
    "not-ascii": "＜img src=x onerror=@＞ <ımg src=x onerror='@'> <ſcript>@</ſcript>",
    "jinja": "{{ 7*7 }}{% raw %}<img src=x onerror='@'>{% endraw %}",
}
# Of an output, by the cell that makes it.
OUTPUTS = {
    "html": "HTML(attack)",
    "markdown": "Markdown(attack)",
    "latex": "Latex('$' + attack + '$')",
    "raw-markdown": "display({'text/markdown': attack}, raw=True)",
    "isolated": "display({'text/html': attack}, raw=True, metadata={'text/html': {'isolated': True}})",
    "file-name": "display({'image/png': ''}, raw=True, metadata={'filenames': {'image/png': attack}})",
    "width": "display({'image/png': ''}, raw=True, metadata={'image/png': {'width': attack}})",
    "png": "display({'image/png': '\"' + attack}, raw=True)",
    "svg": "SVG(data)",
    "javascript": "Javascript(code)",
    "printed": "print(attack)",
    "raised": "raise ValueError(attack)",
    "repr": "type('T', (), {'__repr__': lambda self: attack})()",
    "widget": "display({'application/vnd.jupyter.widget-view+json': {'model_id': attack}}, raw=True)",
    "mermaid": "display({'text/vnd.mermaid': attack}, raw=True)",
    "pdf": "display({'application/pdf': attack}, raw=True)",
    "unknown": "display({'text/x-attack': attack, attack: attack}, raw=True)",
}
ATTACK = f"<!--> <img src=x onerror=\"@\"> --><script>@</script><img src='{FETCHED}'>"


def filled(text):
    return (
        text.replace("@keyframes", "\1")
        .replace("@import", "\2")
        .replace("@", CODE)
        .replace("\1", "@keyframes")
        .replace("\2", "@import")
    )


def written(source):
    """The attack in the written answer, and in a text cell that nobody grades."""

    def make(tiny):
        nb = tiny.notebook(tiny.WRONG, text=filled(source))
        nb.cells[0].source = filled(source)
        return nb

    return make


def shown(code):
    def make(tiny):
        lines = [
            "from IPython.display import *",
            f"attack, code = {filled(ATTACK)!r}, {CODE!r}",
            f"data = {filled(SVG)!r}",
            code,
        ]
        return tiny.notebook(tiny.WRONG, before="\n".join(lines))

    return make


def tagged(tiny):
    """The attack in all that a cell says about itself."""
    nb = tiny.notebook(tiny.WRONG)
    attack = f'">{filled(ATTACK)}'
    nb.metadata["title"] = attack
    for cell in nb.cells:
        cell.metadata["tags"] = [attack]
        cell.metadata["magics_language"] = attack
        cell.metadata["attack"] = json.loads(json.dumps({attack: attack}))
    extra = tiny.cell("add", "1")
    extra.metadata.nbgrader["grade_id"] = attack
    nb.cells.append(extra)
    return nb


def attached(tiny):
    nb = tiny.notebook(tiny.WRONG, text="![x](attachment:a.png) ![x](attachment:b.svg)")
    attack = f'">{filled(ATTACK)}'
    tiny.find(nb, "why")["attachments"] = {
        "a.png": {f"image/png;{attack}": attack},
        "b.svg": {"image/svg+xml": base64.b64encode(filled(SVG).encode()).decode()},
    }
    return nb


def raw(tiny):
    nb = tiny.notebook(tiny.WRONG)
    cell = nbformat.v4.new_markdown_cell(filled(ATTACK))
    cell.cell_type = "raw"
    cell.metadata["raw_mimetype"] = "text/html"
    nb.cells.append(cell)
    return nb


def with_files(tiny):
    return tiny.notebook(tiny.WRONG, text="[look](evil.html) ![x](../../evil.png)")


HONEST = """# My answer

As $x_1 < 2$, and $$\\frac{a}{b}$$ see [above](#My-answer) &mdash; <br>
![a](attachment:a.png) ![b](dot.png)

\\begin{align*} a &= b \\\\ c &= d \\end{align*}

| a | b |
|--:|---|
| 1 | 2 |

```python
def f(): ...
```

![the picture is missing](attachment:missing.png)
"""
SHOWS = r"""
import matplotlib.pyplot as plt
from IPython.display import HTML, Latex, display

display(HTML("<b>bold</b>"))
plt.plot([1, 2])
plt.show()
Latex(r"$\sum_i x_i$")
"""
# Ten by ten points of one colour.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6o"
    "AAAAAElFTkSuQmCC"
)
FILES = {
    "with-files": {"evil.html": f"look<script>alert(1);{CODE}</script>".encode()},
    "honest": {"dot.png": DOT},
}


def honest(tiny):
    nb = tiny.notebook(text=HONEST, before=SHOWS)
    picture = base64.b64encode(DOT).decode()
    tiny.find(nb, "why")["attachments"] = {"a.png": {"image/png": picture}}
    return nb


SUBMISSIONS = {
    **{f"text-{name}": written(source) for name, source in MARKDOWN.items()},
    **{f"output-{name}": shown(code) for name, code in OUTPUTS.items()},
    "metadata": tagged,
    "attachment": attached,
    "raw-cell": raw,
    "with-files": with_files,
}
