"""Tables: what stands where, as text and as HTML."""

from course.table import Table

ROWS = [
    {"layer": "C1", "output": (6, 28, 28), "parameters": 156, "sees": None},
    {"layer": "<b>", "output": (6, 14, 14), "parameters": 61_706, "sees": 6},
]


class Shown:
    def __str__(self):
        return "a bar"

    def _repr_html_(self):
        return "<svg></svg> a bar"


def test_text_stands_left_and_numbers_right():
    assert str(Table(ROWS, {"layer": "all", "parameters": 61_862}, "LeNet-5")).splitlines() == [
        "LeNet-5",
        "layer  output       parameters  sees",
        "------------------------------------",
        "C1     6 x 28 x 28         156     -",
        "<b>    6 x 14 x 14      61,706     6",
        "------------------------------------",
        "all                     61,862",
    ]


def test_html_is_escaped_but_for_what_shows_itself():
    page = Table([{"a": "<b>", "b": Shown()}], caption="1 < 2")._repr_html_()
    assert "&lt;b&gt;" in page and "<caption>1 &lt; 2</caption>" in page
    assert "<svg></svg> a bar</td>" in page
    assert str(Table([{"a": "<b>", "b": Shown()}])).endswith("<b>  a bar")


def test_a_folded_table_shows_its_caption_alone():
    page = Table([{"a": 1}], caption="1 < 2", folded=True)._repr_html_()
    assert page.startswith("<details><summary>1 &lt; 2</summary><table ")
    assert "<caption>" not in page and page.endswith("</details>")


def test_shapes_and_ranges_are_not_broken_over_lines():
    page = Table([{"a": (3, 4), "b": "9.1 (8.7 to 9.4)", "c": "5 (3–8)", "d": "up to 5"}])
    numbered = Table([{"layer": "12 Conv2d", "why": "2 of 3 layers"}])._repr_html_()
    assert "12\N{NO-BREAK SPACE}Conv2d" in numbered and "2 of 3 layers" in numbered
    named = Table([{"net": "ResNet-18, 3 × 3", "layer": "stem.0.1"}])._repr_html_()
    assert "ResNet-\N{WORD JOINER}18, 3\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}3" in named
    assert "stem.\N{ZERO WIDTH SPACE}0.1" in named
    page = page._repr_html_().replace("\N{NO-BREAK SPACE}", "_").replace("\N{WORD JOINER}", "_")
    assert all(text in page for text in ["3_x_4", "9.1 (8.7_to_9.4)", "5 (3_–_8)", "up to 5"])
