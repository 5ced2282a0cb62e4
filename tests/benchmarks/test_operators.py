"""The benchmark of the pairs: runs, counts right, and goes on where it was stopped."""

import csv

import numpy as np
import torch

from benchmarks import operators
from course.convolution import reference


def test_a_run_writes_all_it_promises_and_a_second_measures_nothing(tmp_path, capsys):
    run = ["--quick", "--device", "cpu", "--only", "8 to 16", "--out", str(tmp_path)]
    operators.main(run)
    assert "the GPU's columns are absent" in capsys.readouterr().out
    text = (tmp_path / "operators.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert {(row["way"], row["pass"]) for row in rows} == {
        (way, p)
        for way in ("im2col", "reference", "twin", "blocked", "library")
        for p in ("forward", "backward")
    }
    assert all(float(row["milliseconds"]) > 0 for row in rows)
    operators.main(run)
    assert (tmp_path / "operators.csv").read_text() == text
    assert (tmp_path / "operators.png").stat().st_size > 0


def test_what_the_reference_is_measured_by_computes_the_same():
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(2, 3, 9, 8)), rng.normal(size=(4, 3, 3, 3))
    for stride, padding in [(1, 1), (2, 0)]:
        settings = {"stride": stride, "padding": padding}
        y = reference.conv2d(x, weight, **settings)
        np.testing.assert_allclose(operators.im2col(x, weight, **settings), y)
        grad = rng.normal(size=y.shape)
        found = operators.im2col_backward(grad, x, weight, **settings)
        expected = reference.conv2d_backward(grad, x, weight, **settings)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other)


def test_bytes_and_operations_by_hand():
    (case,) = (c for c in operators.ladder(True) if "8 to 16" in c.name)
    x, weight, y = 4 * 8 * 32 * 32, 16 * 8 * 3 * 3, 4 * 16 * 32 * 32
    forward = (x + weight + y) * 4, 2 * y * 8 * 9
    assert operators.least(case, "forward", torch.float32) == forward
    backward = (2 * x + 2 * weight + y) * 2, 2 * forward[1]
    assert operators.least(case, "backward", torch.bfloat16) == backward


def test_every_case_fits_its_operator():
    for case in operators.ladder(False):
        assert operators.least(case, "forward", torch.float32)[0] > 0
