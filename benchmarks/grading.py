"""How fast a class is graded: stock nbgrader and ours, the same submissions, the same marks.

    python -m benchmarks.grading --submissions 10 --workers 1 2 [--assignment 01_convolution]
        [--one-process] [--skip-stock] [--json FILE]

The exercise is an assignment of the course, or a small one of its own that imports torch, numpy and
matplotlib, so that the numbers do not move with the course. All ways run as commands in processes
of their own; time is from the start of the command to its end, processor time that of the command
and all that it started, memory the most that they held at once.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbgrader.utils import is_solution

from autograder import testing as tiny

ROOT = Path(__file__).resolve().parent.parent


PROGRAMS = Path(sys.executable).parent
SETUP = """
import matplotlib.pyplot as plt
import numpy as np
import torch
"""
ANSWER = """
def add(a, b):
    x = torch.tensor([[float(a), float(b)]])
    return int(torch.nn.functional.linear(x, torch.ones(1, 2)).item())
"""
WRONG = ANSWER.replace("ones", "zeros")
AFTER = """
plt.plot(np.arange(10))
plt.show()
"""


def make_course(folder, submissions, sandboxed, assignment=None, examiner=True):
    """A course with that many submissions, every third of them wrong."""
    if assignment is None:
        course = tiny.Course(folder, sandboxed=sandboxed).release(again=True)
        texts = {"before": SETUP.strip(), "after": AFTER.strip()}
        right, wrong = (tiny.notebook(text.strip(), **texts) for text in (ANSWER, WRONG))
    else:
        path = ROOT / "solutions" / assignment / f"{assignment}.ipynb"
        solution = nbformat.read(path, as_version=4)
        course = tiny.Course(folder, sandboxed, source=solution, packages=["course"]).release()
        path = folder / "release" / tiny.NAME / f"{tiny.NAME}.ipynb"
        right, wrong = (nbformat.read(path, as_version=4) for _ in range(2))
        for cell, solved in zip(right.cells, solution.cells, strict=True):
            if is_solution(cell):
                cell.source = solved.source
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Execute.timeout = 60\n")
        if sandboxed:
            config.write(f"c.Execute.examiner = {examiner}\n")
    for number in range(submissions):
        course.submit(f"s{number:04}", wrong if number % 3 == 2 else right)
    return course


class Watch(threading.Thread):
    """Samples the memory of a process and its children: the sum of their own, unshared parts."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.family, self.peak, self.samples, self.running = psutil.Process(process), 0, [], True

    def run(self):
        while self.running:
            total = 0
            try:
                for process in [self.family, *self.family.children(recursive=True)]:
                    try:
                        total += process.memory_full_info().pss
                    except psutil.Error:
                        continue
            except psutil.Error:
                return
            self.samples.append(total)
            self.peak = max(self.peak, total)
            time.sleep(3)  # adding up a process's pages takes a while itself


class ProcessorTime:
    """Counts the processor time of all that a process starts, by a control group (version 1)."""

    TREE = Path("/sys/fs/cgroup/cpuacct")

    def __init__(self):
        self.folder = self.TREE / f"benchmark-{os.getpid()}-{time.monotonic_ns()}"
        self.counts = os.access(self.TREE, os.W_OK)

    def begin(self):
        """Called in the new process, before it becomes the command."""
        if self.counts:
            self.folder.mkdir()
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def seconds(self):
        """What was used, or None; once, as the group goes."""
        if not self.counts:
            return None
        used = int((self.folder / "cpuacct.usage").read_text()) / 1e9
        with contextlib.suppress(OSError):  # a process is still ending
            self.folder.rmdir()
        return round(used, 1)


def measure(command, folder):
    """Seconds, processor seconds and peak bytes of a command, and its memory as it went."""
    environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    environment.pop("OMP_NUM_THREADS", None)
    processor, started = ProcessorTime(), time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=processor.begin,
    )
    watch = Watch(process.pid)
    watch.start()
    code = process.wait()
    seconds = time.monotonic() - started
    watch.running = False
    watch.join()
    assert code == 0, command
    return seconds, processor.seconds(), watch.peak, watch.samples


def grade(name, workers, options, base):
    """One row of the table, and the marks: stock nbgrader where `workers` is None, else ours."""
    course = make_course(
        Path(base, f"{name}-{workers}"),
        options.submissions,
        workers is not None,
        options.assignment,
        examiner=name == "ours",
    )
    if workers is None:
        command = [PROGRAMS / "nbgrader", "autograde", tiny.NAME]
    else:
        command = [sys.executable, "-m", "autograder", "grade", tiny.NAME]
        command += ["--course", course.root, "--workers", workers]
    seconds, used, peak, samples = measure(command, course.root)
    quarter = max(1, len(samples) // 4)
    quarters = [samples[n * quarter : (n + 1) * quarter] for n in range(4)]
    row = {
        "way": name,
        "workers": workers or 1,
        "submissions": options.submissions,
        "seconds": round(seconds, 2),
        "each": round(seconds / options.submissions, 3),
        "processor": used,
        "peak_mb": peak >> 20,
        "quarters_mb": [round(statistics.mean(q)) >> 20 for q in quarters if q],
    }
    return row, [course.score(f"s{number:04}") for number in range(options.submissions)]


def print_table(rows, stock):
    """Say where it was measured, then the rows; `stock` is stock nbgrader's seconds, or None."""
    cores = f"{os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB"
    print(f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {cores}, Python", end=" ")
    print(platform.python_version())
    columns = ("way", "workers", "N", "seconds", "seconds each", "times stock")
    print(f"\n| {' | '.join(columns)} | processor seconds | peak memory, MiB |")
    print("|---" * 8 + "|")
    for row in rows:
        ratio = f"{stock / row['seconds']:.1f}" if stock else ""
        columns = (row[k] for k in ("way", "workers", "submissions", "seconds", "each"))
        values = (*columns, ratio, row["processor"], row["peak_mb"])
        print(f"| {' | '.join(map(str, values))} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=10)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--assignment", help="one of the course's, in place of a small one")
    parser.add_argument("--one-process", action="store_true", help="ours without an examiner, too")
    parser.add_argument("--skip-stock", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows, expected = [], None
    runs = [] if options.skip_stock else [("stock nbgrader", None)]
    for workers in options.workers:
        runs += [("ours", workers)] + [("ours, one process", workers)] * options.one_process
    with tempfile.TemporaryDirectory(prefix="benchmark-") as base:
        for name, workers in runs:
            row, marks = grade(name, workers, options, base)
            expected = expected or marks
            assert marks == expected and len(set(expected)) > 1, name
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
    print_table(rows, None if options.skip_stock else rows[0]["seconds"])
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
