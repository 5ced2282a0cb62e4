"""What one submission may use: time, memory, processes, disk and output."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one submission. Sizes in bytes, times in seconds."""

    cell_seconds: int = 30  # one cell
    total_seconds: int = 600  # the whole notebook
    grace_seconds: int = 3  # for a cell to end after its interrupt, before the kernel is killed
    memory: int = 2 * 1024**3  # beyond what the forked libraries take already
    processes: int = 256  # processes and threads together
    disk: int = 256 * 1024**2  # everything a submission writes
    output_cell: int = 1024**2  # kept of the outputs of one cell
    output_total: int = 8 * 1024**2  # kept of the outputs of the whole notebook
    output_flood: int = 256 * 1024**2  # a kernel that sends more is stopped
    notebook: int = 20 * 1024**2  # a larger file is not read
    cells: int = 2_000  # of a notebook
    brackets: int = 1_000_000  # of a notebook's JSON: each makes an object
    values: int = 50_000  # of a notebook's JSON beside its outputs; a line of code is one
    files: int = 500  # that lie beside a notebook
    files_size: int = 64 * 1024**2  # of all of them

    def as_dict(self) -> dict[str, float]:
        return asdict(self)
