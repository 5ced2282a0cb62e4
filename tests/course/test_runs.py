"""What an experiment measured is kept whole, and never mixed with other settings."""

import datetime
import json

import pytest

from course import runs
from tests.conftest import ROOT

KEYS = {"command", "date", "device", "threads", "torch", "settings"}
FEWER_SEEDS = ("filters",)  # the picture of one net
KEPT = sorted(path.parent for path in (ROOT / "benchmarks/results").glob("*/about.json"))
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
    settings = {"lr": 0.1, "widths": (4, 8)}
    about = runs.settle(tmp_path / "new", settings, "cpu", "python -m x")
    assert json.loads((tmp_path / "new" / "about.json").read_text()) == about
    assert set(about) == KEYS
    assert runs.settle(tmp_path / "new", settings, "cpu") == about
    for other in (settings | {"lr": 0.2}, {"widths": (4, 8)}, settings | {"epochs": 3}):
        with pytest.raises(ValueError, match=r"other settings \((lr|epochs)\)"):
            runs.settle(tmp_path / "new", other, "cpu")


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: folder.name)
def test_every_kept_run_says_alike_how_it_was_made(folder):
    about = json.loads((folder / "about.json").read_text())
    assert set(about) == KEYS and all(about.values())
    assert about["command"].startswith("python -m course.")
    datetime.date.fromisoformat(about["date"])
    assert about["settings"]["data"]
    # Seeds are a column: whoever adds one adds rows, and about.json stays true.
    assert not {"seed", "seeds"} & set(about["settings"])
    seeds = {row["seed"] for row in runs.read(folder / "results.csv")}
    assert len(seeds) >= 3 or folder.name in FEWER_SEEDS


def test_a_reader_is_told_how_results_were_made(tmp_path):
    command = "python -m course.some.experiment --threads 1 --out somewhere/" + 40 * "x"
    runs.settle(tmp_path, {"data": "digits"}, "cpu", command)
    told = runs.made_by(tmp_path)
    assert told.replace(" \\\n   ", "").splitlines()[0] == command
    assert "cpu" in told and told.endswith("\ndigits") and "somewhere" in told.splitlines()[1]


def test_a_measure_is_gathered_over_the_seeds():
    assert runs.over_seeds(ROWS, ["net"], "error") == {("a",): [12.5, 1 / 3], ("b",): [0.0]}


def test_a_plan_goes_on_from_what_is_there(tmp_path):
    made = []

    def make(net, seed):
        made.append((net, seed))
        if net == "b" and len(made) < 4:
            raise KeyboardInterrupt
        yield from ({"part": part, "error": seed / 2} for part in "xy")

    plan = [(net, seed) for net in "ab" for seed in (0, 1)]
    with pytest.raises(KeyboardInterrupt):
        runs.resume(tmp_path, ("net", "seed"), plan, make, progress=False)
    rows = runs.resume(tmp_path, ("net", "seed"), plan, make, progress=False)
    assert made == [*plan[:3], *plan[2:]]
    assert rows == [
        {"net": net, "seed": seed, "part": part, "error": seed / 2}
        for net, seed in plan
        for part in "xy"
    ]
    assert runs.read(tmp_path / "results.csv") == rows


def test_a_command_line_says_what_it_measured_and_what_is_wrong(tmp_path, capsys):
    given = {}

    def run(**settings):
        given.update(settings)
        if settings["epochs"] < 1:
            raise ValueError("--epochs must be at least 1, got 0")
        return [{"net": "a", "seed": seed, "error": seed / 2} for seed in settings["seeds"]]

    def execute(*arguments):
        parser = runs.parser("course.thing", "Train things.", str(tmp_path))
        parser.add_argument("--epochs", type=int, default=2)
        runs.execute(parser, arguments, run, ["net"], "error")

    execute("--seeds", "0,3")
    command = "python -m course.thing --seeds 0,3"
    assert given == {"seeds": (0, 3), "out": tmp_path, "epochs": 2, "command": command}
    assert capsys.readouterr().out == "a: error 0.75 [0 to 1.5, 2 seeds]\n"
    with pytest.raises(SystemExit) as ended:
        execute("--epochs", "0")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "--epochs must be at least 1, got 0\n"


def test_how_results_were_made_fits_beside_a_text_and_loses_no_word(tmp_path):
    command = "python -m course.residual.experiment --depths 8,20 --out " + "results/" * 9
    runs.settle(tmp_path, {"data": "digits"}, "cpu", command)
    told, *_ = runs.made_by(tmp_path).rsplit("\n", 2)  # the last lines: date and device, data
    assert told.replace(" \\\n", " ").split() == command.split()
    assert "\n" in told and len(told.splitlines()[0]) <= 76
