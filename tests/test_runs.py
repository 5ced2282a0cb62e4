"""What an experiment measured is kept whole, and never mixed with other settings."""

import json

import pytest

from course import runs

ROWS = [
    {"net": "a", "seed": 0, "error": 12.5, "note": "1"},
    {"net": "a", "seed": 1, "error": 1 / 3, "note": "x"},
    {"net": "b", "seed": 0, "error": 0.0, "note": ""},
]


def test_rows_come_back_with_six_digits_and_numbers_as_numbers(tmp_path):
    runs.write(tmp_path / "results.csv", ROWS)
    found = runs.read(tmp_path / "results.csv")
    assert found == [ROWS[0], ROWS[1] | {"error": 0.333333}, ROWS[2]]
    assert [type(row["seed"]) for row in found] == [int] * 3
    assert [type(row["error"]) for row in found] == [float] * 3


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path):
    path = tmp_path / "results.csv"
    runs.write(path, ROWS)
    before = path.read_bytes()
    with pytest.raises(ValueError):
        runs.write(path, [ROWS[0], {"other": 1}])
    assert path.read_bytes() == before


def test_a_folder_says_how_its_results_were_made_and_refuses_others(tmp_path):
    about = runs.settle(tmp_path / "new", {"lr": 0.1, "widths": (4, 8)}, "cpu", "python -m x")
    assert json.loads((tmp_path / "new" / "about.json").read_text()) == about
    assert {"command", "date", "device", "threads", "torch", "settings"} == set(about)
    assert runs.settle(tmp_path / "new", {"lr": 0.1, "widths": (4, 8)}, "cpu") == about
    with pytest.raises(ValueError, match="lr"):
        runs.settle(tmp_path / "new", {"lr": 0.2, "widths": (4, 8)}, "cpu")


def test_a_measure_is_gathered_over_the_seeds():
    assert runs.over_seeds(ROWS, ["net"], "error") == {("a",): [12.5, 1 / 3], ("b",): [0.0]}
