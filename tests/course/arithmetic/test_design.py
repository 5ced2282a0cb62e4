"""What the design of a net is judged by, measured with gradients, against the formula."""

import pytest

from course.arithmetic import checks, design
from course.arithmetic.reference import Layer, receptive_field


@pytest.mark.parametrize(
    "layers",
    [
        [(8, 3, 2, 1, 1), (8, 5, 1, 2, 1)],
        [(4, 2, 2, 0, 1), (4, 4, 2, 1, 1), (4, 3, 1, 1, 1)],
        [(4, 3, 1, 1, 1), (4, 3, 1, 2, 2)],
    ],
)
def test_what_is_seen_is_what_the_formula_says(layers):
    chain = [Layer("conv", k, s, p, d) for _, k, s, p, d in layers]
    found = design.seen(layers)
    assert len(found) == receptive_field(chain)[-1].size == found[-1] - found[0] + 1


def test_a_hole_in_the_field_is_seen():
    assert len(design.seen([(4, 3, 1, 2, 2)])) == 3
    report = checks.far_seeing_net.examine(lambda: [(4, 2, 8, 0, 1), (16, 9, 1, 4, 1)])
    assert "leaves out" in report.text


@pytest.mark.parametrize(
    "result, says",
    [
        (None, "must be a list"),
        ([(8, 3, 2, 1)], "layer 0 must be"),
        ([(8, 3, 0, 1, 1)], "no layer can have"),
        ([(8, 200, 1, 0, 1)], "does not fit"),
    ],
)
def test_what_is_no_net_is_said(result, says):
    report = checks.far_seeing_net.examine(lambda: result)
    assert says in report.text
    assert report.diagnosis is None or report.earned < report.points
