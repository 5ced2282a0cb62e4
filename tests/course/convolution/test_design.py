"""What a pair of kernels is judged by: the maps it makes of strokes, specks and light."""

import numpy as np
import pytest
import torch

from course.convolution import checks, design, reference

EDGE = np.array([[1.0, 0, -1]] * 3)  # the lecture's
LINE = np.array([[-1.0, 2, -1]] * 3) / 6


def test_a_map_is_the_sum_of_the_lecture():
    pictures = torch.rand(2, 5, 6, dtype=torch.float64)
    expected = [
        reference.conv2d(picture[None], EDGE[None, None])[0] for picture in pictures.numpy()
    ]
    np.testing.assert_allclose(design.maps(EDGE, pictures), expected)


def test_strokes_are_of_every_place_that_is_far_enough_from_the_border():
    pictures = design.strokes((9, 8), 4)
    assert len(pictures) == 2 * 4 and (pictures.sum((1, 2)) == 4).all()
    seen = pictures.sum(0).nonzero()
    assert seen.amin(0).tolist() == [2, 2] and seen.amax(0).tolist() == [6, 5]


def test_the_numbers_worked_by_hand_in_the_task():
    column = np.array([[0.0, 1, 0]] * 3)
    stroke = design.strokes((9, 9), 5)[:1]
    even, grows = torch.ones(1, 5, 5).double(), 0.1 * torch.arange(5).double().expand(1, 5, 5)
    assert design.maps(column, stroke).max() == design.maps(EDGE, stroke).max() == 3
    assert (design.maps(column, even) == 3).all() and (design.maps(EDGE, even) == 0).all()
    np.testing.assert_allclose(design.maps(EDGE, grows), -0.6)
    np.testing.assert_allclose(design.maps(column, grows)[0, 0], [0.3, 0.6, 0.9])


@pytest.mark.parametrize(
    "result, says",
    [
        (None, "must be a list of two kernels"),
        ([LINE], "must be a list of two kernels"),
        ([LINE, 1.0], "the second kernel must be rows of numbers"),
        ([[[1, 2], [3]], LINE], "the first kernel must be rows of numbers"),
        ([LINE, [["a"]]], "the second kernel must be rows of numbers"),
        ([LINE * np.nan, LINE], "the first kernel must be rows of numbers"),
        ([LINE, np.zeros((3, 5))], "the second kernel is 3 x 5, at most 3 x 3"),
        ([LINE, np.zeros((0, 3))], "the second kernel is 0 x 3"),
    ],
)
def test_what_is_no_pair_of_kernels_is_said(result, says):
    assert says in checks.stroke_kernels.examine(lambda: result).text


@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize(
    "pair, says",
    [
        ([LINE, LINE.T + 0.02], "gives 0.18 by the second kernel, asked for is 0"),
        ([EDGE / 3, LINE.T], "by the first kernel, asked for is 0"),
        ([LINE * 0.95, LINE.T], "a vertical stroke is answered by 0.95 by the first kernel"),
        ([LINE, LINE], "a vertical stroke is answered by 1 by the second kernel, at most 0.5"),
        ([LINE, [[-0.5], [1], [-0.5]]], "is answered by 1 by the second kernel, at most 0.5"),
    ],
)
def test_each_demand_is_measured_in_both_checks(pair, says, seed):
    assert checks.stroke_kernels.examine(lambda: [LINE, LINE.T], hidden=seed).passed
    report = checks.stroke_kernels.examine(lambda: pair, hidden=seed)
    assert not report.passed and (seed or says in report.text)
