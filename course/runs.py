"""Keeps what an experiment measured: results.csv, and about.json, which says how it was made."""

from __future__ import annotations

import contextlib
import csv
import datetime
import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import torch


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
        settings: all that the results depend on, as JSON has it.
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
        if changed := [k for k in settings if old.get(k) != settings[k]]:
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
