"""Makes and keeps what an experiment measures: its command line, results.csv, and about.json."""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime
import json
import os
import platform
import shlex
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm


def write(path: Path | str, rows: Sequence[dict]) -> None:
    """Write rows of equal keys as CSV, floats with six digits.

    Whoever reads at the same time, and whoever comes after a kill, sees the old file or the new
    one.
    """

    def as_csv(temporary: Path) -> None:
        with open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                shown = {k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()}
                writer.writerow(shown)

    replace(path, as_csv)


def read(path: Path | str) -> list[dict]:
    """Read what `write` wrote; a column whose cells are all numbers has numbers."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for column in rows[0] if rows else ():
        for number in (int, float):
            with contextlib.suppress(ValueError):
                values = [number(row[column]) for row in rows]
                for row, value in zip(rows, values, strict=True):
                    row[column] = value
                break
    return rows


def settle(
    folder: Path | str, settings: dict, device: torch.device | str, command: str = ""
) -> dict:
    """Say in the folder's about.json how its results are made: command, date, device, versions.

    Args:
        folder: made where it is missing.
        settings: all that the results depend on, as JSON has it, "data" among it; but not the
            seeds, which are a column of the results, and others may be added.
        device: what it runs on.
        command: that makes these results.

    Returns:
        What about.json says.

    Raises:
        ValueError: the folder holds results of other settings.
    """
    path = Path(folder) / "about.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    settings = json.loads(json.dumps(settings))
    if path.exists():
        about = json.loads(path.read_text())
        old = about["settings"]
        if changed := [k for k in {**old, **settings} if old.get(k) != settings.get(k)]:
            raise ValueError(
                f"{folder} holds results of other settings ({', '.join(changed)}): "
                "give another --out"
            )
        return about
    about = {
        "command": command,
        "date": datetime.date.today().isoformat(),
        "device": device_name(torch.device(device)),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "settings": settings,
    }
    replace(path, lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))
    return about


def made_by(folder: Path | str) -> str:
    """How the folder's results were made, in narrow lines: command, date, device and data."""
    about = json.loads((Path(folder) / "about.json").read_text())
    lines = textwrap.wrap(
        about["command"],
        74,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    command = " \\\n".join(lines)
    return f"{command}\n{about['date']}, {about['device']}\n{about['settings']['data']}"


def device_name(device: torch.device) -> str:
    """What a reader of the results needs to know of the machine."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{device.type} ({platform.machine()}, {os.cpu_count()} cores)"


def replace(path: Path | str, write: Callable[[Path], object]) -> None:
    """Write beside the file, then rename: a kill in between leaves the old file whole."""
    path = Path(path)
    temporary = path.with_name(path.name + ".new")
    write(temporary)
    os.replace(temporary, path)


def over_seeds(rows: Iterable[dict], by: Sequence[str], measure: str) -> dict[tuple, list]:
    """Gather a measure over the seeds: {values of the columns `by`: [one value a row]}."""
    found: dict[tuple, list] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in by), []).append(row[measure])
    return found


def resume(
    out: Path | str,
    columns: Sequence[str],
    plan: Iterable[tuple],
    make: Callable[..., Iterable[dict]],
    progress: bool = True,
) -> list[dict]:
    """Make every run of a plan that results.csv does not have yet, writing it after each.

    Args:
        out: the folder, settled.
        columns: that tell runs apart, such as ("net", "seed").
        plan: the values of these columns, one tuple a run.
        make: called with such a tuple; gives the run's other columns, a dict for each row.
        progress: show a bar, on stdout: nbgrader gives a cell that writes to stderr no points.

    Returns:
        All rows.
    """
    path = Path(out) / "results.csv"
    rows = read(path) if path.exists() else []
    done = {tuple(row[name] for name in columns) for row in rows}
    waiting = [values for values in plan if values not in done]
    for values in tqdm(waiting, file=sys.stdout, disable=not progress):
        rows += [dict(zip(columns, values, strict=True)) | row for row in make(*values)]
        write(path, rows)
    return rows


def parser(
    module: str, about: str, out: str, seeds: Sequence[int] = (0, 1, 2)
) -> argparse.ArgumentParser:
    """The command line of an experiment: --seeds, --threads and --out; others are added to it.

    Args:
        module: its full name.
        about: what it does; the first line is shown.
        out: the folder where none is given.
        seeds: those where none are given; without any there is no --seeds.
    """
    command_line = argparse.ArgumentParser(f"python -m {module}", description=about.splitlines()[0])
    if seeds:
        usual = ",".join(map(str, seeds))
        numbers = {"type": integers, "metavar": "0,1,..."}
        command_line.add_argument(
            "--seeds", default=tuple(seeds), help=f"{usual} where none are given", **numbers
        )
    command_line.add_argument("--threads", type=int, help="of the CPU; one repeats exactly")
    command_line.add_argument("--out", type=Path, default=Path(out), help=out)
    return command_line


def parse(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> dict:
    """What a command line asks for, by name; --threads is not in it, but set.

    Args:
        parser: as `parser` made it.
        arguments: of the command line; the program's own when None.

    Returns:
        A dict of the arguments, and "command", the whole line.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    found = vars(parser.parse_args(arguments))
    if threads := found.pop("threads"):
        torch.set_num_threads(threads)
    return found | {"command": shlex.join([*parser.prog.split(), *arguments])}


def execute(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    run: Callable[..., list[dict]],
    by: Sequence[str],
    measure: str,
) -> None:
    """Run an experiment from the command line, and print a measure's mean and range over seeds.

    Args:
        parser, arguments: as in `parse`.
        run: called with what `parse` gives. A ValueError or ConnectionError that it raises becomes
            one line.
        by, measure: as in `over_seeds`.
    """
    asked = parse(parser, arguments)
    try:
        rows = run(**asked)
    except (ValueError, ConnectionError) as problem:
        parser.exit(2, f"{problem}\n")
    for key, found in over_seeds(rows, by, measure).items():
        mean, low, high = (f"{value:.4g}" for value in (np.mean(found), min(found), max(found)))
        print(f"{', '.join(map(str, key))}: {measure} {mean} [{low} to {high}, {len(found)} seeds]")


def integers(text: str) -> tuple[int, ...]:
    """The numbers of an argument like 0,1,2."""
    return tuple(int(number) for number in text.split(","))
