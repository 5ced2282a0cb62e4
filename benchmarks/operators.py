"""How fast each pair is: the NumPy reference and the torch twin beside torch.nn.functional.

    python -m benchmarks.operators --quick            the shapes of the README's table, some seconds
    python -m benchmarks.operators --device cuda      the whole ladder on the CPU and on the GPU

Times are medians after warm-up: by events on CUDA, by the clock on a CPU. A call's least bytes are
its inputs and outputs, each once; its operations two for each multiply-add. The machine's ceilings
are measured by a large copy and a large matrix product, and the "share" of a call is the time that
the nearer of the two ceilings allows, divided by the time it took. TF32 is off.

What was measured is kept in a CSV file in `--out`, and a second run measures only what is missing.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import functools
import importlib
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from course.convolution.blocked import conv2d_blocked
from course.runs import device_name
from course.style import BLUE, VERMILION, panels
from course.table import Table

KEY = ("case", "pass", "batch", "dtype", "way", "device")
FIELDS = (*KEY, "milliseconds", "megabytes", "gigaflops", "share", "peak_megabytes")
# N = batch; (name, C, size, O, k, stride, padding), from the lectures' nets.
CONV2D = [
    ("LeNet-5 C1", 1, 32, 6, 5, 1, 0),
    ("LeNet-5 C3", 6, 14, 16, 5, 1, 0),
    ("AlexNet conv1", 3, 224, 96, 11, 4, 2),
    ("VGG-16 conv3", 256, 56, 256, 3, 1, 1),
    ("ResNet conv1", 3, 224, 64, 7, 2, 3),
    ("ResNet 56x56", 64, 56, 64, 3, 1, 1),
    ("ResNet 1x1", 64, 56, 256, 1, 1, 0),
    ("ResNet 28x28", 128, 28, 128, 3, 1, 1),
    ("ResNet halving", 128, 28, 256, 3, 2, 1),
    ("ResNet 14x14", 256, 14, 256, 3, 1, 1),
    ("ResNet 7x7", 512, 7, 512, 3, 1, 1),
]
# The same with its batch: small and large, wide and flat, for a look that takes seconds.
SIX = [
    (4, ("8 to 16, 32x32, 3x3", 8, 32, 16, 3, 1, 1)),
    (1, ("1 to 6, 28x28, 5x5", 1, 28, 6, 5, 1, 0)),
    (1, ("3 to 64, 224x224, 7x7/2", 3, 224, 64, 7, 2, 3)),
    (1, ("64 to 64, 56x56, 3x3", 64, 56, 64, 3, 1, 1)),
    (8, ("128 to 128, 28x28, 3x3", 128, 28, 128, 3, 1, 1)),
    (1, ("256 to 512, 14x14, 1x1", 256, 14, 512, 1, 1, 0)),
]
REFERENCE_LIMIT = {"cpu": 1e9, "cuda": 2e7}  # multiply-adds that NumPy is asked for
CPU_LIMIT = 4e9  # multiply-adds of a call on a CPU; 256 pictures there take minutes
COLUMNS_LIMIT = 2e9  # bytes of windows copied
CLOCK = time.perf_counter


@dataclass
class Case:
    """One call of one operator.

    Attributes:
        name: the operator and its shape.
        batch: N.
        operator: its name in `torch.nn.functional`, the reference and the twin.
        topic: the room in `course` where the pair is.
        sizes: of the tensors.
        settings: the other arguments.
        multiply_adds: of the forward pass; 0 where bytes alone matter.
        gradients: how many of the tensors have a gradient that is asked for.
        window: how often a number is copied by unfolding.
        classes: of which the last tensor names one in each place; 0 where it holds numbers.
    """

    name: str
    batch: int
    operator: str
    topic: str
    sizes: tuple[tuple[int, ...], ...]
    settings: dict
    multiply_adds: float = 0
    gradients: int = 1
    window: int = 1
    classes: int = 0

    def tensors(self, device, dtype):
        generator = torch.Generator().manual_seed(0)
        given = [(torch.rand(s, generator=generator) - 0.5).to(device, dtype) for s in self.sizes]
        if self.classes:
            target = torch.randint(self.classes, self.sizes[-1], generator=generator)
            given[-1] = target.to(device)
        return given


def ladder(quick: bool) -> list[Case]:
    """All cases, the small ones first."""
    cases = []
    shapes = SIX if quick else [(n, shape) for n in (1, 32, 256) for shape in CONV2D]
    for n, (name, c, size, o, k, stride, padding) in shapes:
        out = (size + 2 * padding - k) // stride + 1
        cases.append(
            Case(
                f"conv2d {name}",
                n,
                "conv2d",
                "convolution",
                ((n, c, size, size), (o, c, k, k)),
                {"stride": stride, "padding": padding},
                n * o * out**2 * c * k**2,
                2,
                k * k,
            )
        )
    for n in (1,) if quick else (1, 32, 256):
        cases += [*_other_convolutions(n), *_poolings(n), *_norms_and_losses(n)]
    return cases


def _other_convolutions(n: int) -> list[Case]:
    return [
        Case(
            *("conv1d 64 to 64, 1024, 9", n, "conv1d", "convolution"),
            ((n, 64, 1024), (64, 64, 9)),
            {"padding": 4},
            n * 64 * 64 * 9 * 1024,
            2,
            9,
        ),
        Case(
            *("conv3d 16 to 32, 8x28x28, 3", n, "conv3d", "convolution"),
            ((n, 16, 8, 28, 28), (32, 16, 3, 3, 3)),
            {"padding": 1},
            n * 32 * 16 * 27 * 8 * 28 * 28,
            2,
            27,
        ),
        Case(
            *("conv_transpose2d 64 to 32, 28x28, 4x4/2", n, "conv_transpose2d", "convolution"),
            ((n, 64, 28, 28), (64, 32, 4, 4)),
            {"stride": 2, "padding": 1},
            n * 64 * 32 * 16 * 28 * 28,
            2,
            16,
        ),
        Case(
            *("unfold 64, 28x28, 3x3", n, "unfold", "convolution"),
            ((n, 64, 28, 28),),
            {"kernel_size": 3, "padding": 1},
            window=9,
        ),
        Case(
            *("fold 64, 28x28, 3x3", n, "fold", "convolution"),
            ((n, 64 * 9, 28 * 28),),
            {"output_size": (28, 28), "kernel_size": 3, "padding": 1},
        ),
    ]


def _poolings(n: int) -> list[Case]:
    pooled = [
        ("max_pool2d LeNet-5 S2, 6, 28x28, 2x2/2", 6, 28, (2, 2)),
        ("max_pool2d ResNet, 64, 112x112, 3x3/2", 64, 112, (3, 2, 1)),
        ("max_pool2d Inception, 192, 28x28, 3x3/1", 192, 28, (3, 1, 1)),
        ("avg_pool2d LeNet-5 S2, 6, 28x28, 2x2/2", 6, 28, (2, 2)),
        ("avg_pool2d 64, 56x56, 3x3/2", 64, 56, (3, 2, 1)),
    ]
    cases = []
    for name, c, size, arguments in pooled:
        settings = dict(zip(("kernel_size", "stride", "padding"), arguments, strict=False))
        operator = name.split()[0]
        cases.append(Case(name, n, operator, "pooling", ((n, c, size, size),), settings))
    return cases


def _norms_and_losses(n: int) -> list[Case]:
    return [
        Case(
            *("batch_norm 64, 56x56", n, "batch_norm", "normalisation"),
            ((n, 64, 56, 56),),
            {"running_mean": None, "running_var": None, "training": True},
        ),
        Case(
            *("cross_entropy 1000 classes", n, "cross_entropy", "classification"),
            ((n, 1000), (n,)),
            {},
            classes=1000,
        ),
        Case(
            *("cross_entropy 21 classes, each of 56x56", n, "cross_entropy", "classification"),
            ((n, 21, 56, 56), (n, 56, 56)),
            {},
            classes=21,
        ),
    ]


def twins(case: Case) -> tuple[Callable | None, Callable | None, Callable | None]:
    """The reference, its backward function and the twin; None for what is not there."""
    try:
        room = {
            part: importlib.import_module(f"course.{case.topic}.{part}")
            for part in ("reference", "gpu")
        }
    except ModuleNotFoundError:
        return None, None, None
    return (
        getattr(room["reference"], case.operator, None),
        getattr(room["reference"], f"{case.operator}_backward", None),
        getattr(room["gpu"], case.operator, None),
    )


def im2col(x, weight, stride, padding):
    """The plainest fast convolution in NumPy, without groups or checks: what to be measured by."""
    columns, (n, height, width) = _copied(x, weight.shape[2], stride, padding)
    y = weight.reshape(len(weight), -1) @ columns
    return y.reshape(-1, n, height, width).swapaxes(0, 1)


def im2col_backward(grad_output, x, weight, stride, padding):
    """Its gradients by x, weight and bias, as plain."""
    k = weight.shape[2]
    columns, (n, height, width) = _copied(x, k, stride, padding)
    grad = grad_output.swapaxes(0, 1).reshape(len(weight), -1)
    grad_columns = weight.reshape(len(weight), -1).T @ grad
    taps = grad_columns.reshape(-1, k, k, n, height, width).swapaxes(0, 3)
    size = x.shape[2] + 2 * padding, x.shape[3] + 2 * padding
    grad_x = np.zeros((*x.shape[:2], *size), x.dtype)
    for p in range(k):
        for q in range(k):
            rows = slice(p, p + stride * (height - 1) + 1, stride)
            grad_x[:, :, rows, q : q + stride * (width - 1) + 1 : stride] += taps[:, p, q]
    inside = slice(padding, -padding or None)
    return grad_x[:, :, inside, inside], (grad @ columns.T).reshape(weight.shape), grad.sum(1)


def _copied(x, k, stride, padding):
    n, c = x.shape[:2]
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    height, width = windows.shape[2:4]
    columns = windows.transpose(1, 4, 5, 0, 2, 3).reshape(c * k * k, n * height * width)
    return columns, (n, height, width)


def medians(calls: list[Callable], device: torch.device, seconds: float) -> list[float]:
    """The median time of each call after warm-up, in as many rounds as fit into `seconds` each.

    On a CPU the calls take turns, forth and back: what else the machine does meets all of them
    alike, and none always follows one that leaves it a warm cache.
    """
    if device.type == "cuda":
        return [_by_events(call) for call in calls]
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    turns = list(zip(calls, times, strict=True))
    while len(times[0]) < 3 or (
        len(times[0]) < 300 and sum(map(sum, times)) < seconds * len(calls)
    ):
        for call, taken in turns:
            began = CLOCK()
            call()
            taken.append(CLOCK() - began)
        turns.reverse()
    return [statistics.median(taken) for taken in times]


def _by_events(call):
    for _ in range(4):
        call()
    events = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(15)]
    for before, after in events:
        before.record()
        call()
        after.record()
    torch.cuda.synchronize()
    return statistics.median(before.elapsed_time(after) for before, after in events) / 1e3


def ceilings(device: torch.device, dtype: torch.dtype) -> tuple[float, float]:
    """What the machine does at most: bytes a second of a copy, operations a second of a product."""
    large = device.type == "cuda"
    numbers, n = (2**28, 8192) if large else (2**24, 1536)
    source = torch.ones(numbers, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    (copy,) = medians([lambda: target.copy_(source)], device, 0.3)
    matrix = torch.rand(n, n, device=device).to(dtype)
    (product,) = medians([lambda: matrix @ matrix], device, 0.5)
    return 2 * numbers / copy, 2 * n**3 / product


class Measurement:
    """Measures what is missing in the CSV file and adds it there, row by row."""

    def __init__(self, path: Path, device: torch.device, seconds: float):
        self.path, self.device, self.seconds = path, device, seconds
        self.rows = list(csv.DictReader(path.open())) if path.exists() else []
        self.done = {self._key(row) for row in self.rows}
        self.ceilings: dict = {}

    @staticmethod
    def _key(row) -> tuple:
        return tuple(str(row[field]) for field in KEY)

    def limits(self, device, dtype):
        if (device.type, dtype) not in self.ceilings:
            self.ceilings[device.type, dtype] = ceilings(device, dtype)
        return self.ceilings[device.type, dtype]

    def add(self, case, pass_, device, dtype, ways):
        """Time the ways to make one pass; each is prepared where it was not measured yet."""
        waiting = []
        for way, prepare in ways.items():
            row = dict.fromkeys(FIELDS, "")
            row |= {"case": case.name, "pass": pass_, "batch": case.batch, "way": way}
            row |= {
                "dtype": str(dtype).removeprefix("torch."),
                "device": device_and_threads(device),
            }
            if self._key(row) not in self.done:
                waiting.append((row, prepare()))
        if not waiting:
            return
        calls = [call for _, call in waiting]
        with torch.cuda.device(device) if device.type == "cuda" else torch.no_grad():
            taken = medians(calls, device, self.seconds)
        bytes_, operations = least(case, pass_, dtype)
        copied, multiplied = self.limits(device, dtype)
        bound = max(bytes_ / copied, operations / multiplied)
        for (row, call), seconds in zip(waiting, taken, strict=True):
            if device.type == "cuda":
                torch.cuda.reset_peak_memory_stats()
                before = torch.cuda.memory_allocated()
                call()
                peak = torch.cuda.max_memory_allocated() - before
                row["peak_megabytes"] = f"{peak / 1e6:.2f}"
            row |= {"milliseconds": f"{seconds * 1e3:.4f}", "megabytes": f"{bytes_ / 1e6:.3f}"}
            row |= {"gigaflops": f"{operations / 1e9:.4f}", "share": f"{bound / seconds:.3f}"}
            self.rows.append(row)
            self.done.add(self._key(row))
            new = not self.path.exists()
            with self.path.open("a", newline="") as file:
                writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
                if new:
                    writer.writeheader()
                writer.writerow(row)

    def measure(self, case: Case):
        """All ways to compute one case, forward and backward."""
        reference, reference_backward, twin = twins(case)
        if twin is None:
            return
        functions = {"twin": twin, "library": getattr(F, case.operator)}
        if case.operator == "conv2d":
            functions["blocked"] = conv2d_blocked
        numbers = max(case.multiply_adds, math.prod(case.sizes[0]))
        for device, dtype in self.places(case):
            forward, backward = (
                {
                    way: functools.partial(prepare, case, function, device, dtype)
                    for way, function in functions.items()
                }
                for prepare in (_forward, _backward)
            )
            if device.type == "cpu" and numbers <= REFERENCE_LIMIT[self.device.type]:
                arrays = [tensor.numpy() for tensor in case.tensors(device, dtype)]
                call = functools.partial(reference, *arrays, **case.settings)
                forward["reference"] = lambda call=call: call
                if case.operator == "conv2d":
                    plain = functools.partial(im2col, *arrays, **case.settings)
                    forward["im2col"] = lambda plain=plain: plain
                if reference_backward:
                    arrays.insert(0, np.ones_like(call()))
                    back = functools.partial(reference_backward, *arrays, **case.settings)
                    backward["reference"] = lambda back=back: back
                    if case.operator == "conv2d":
                        plain = functools.partial(im2col_backward, *arrays, **case.settings)
                        backward["im2col"] = lambda plain=plain: plain
            self.add(case, "forward", device, dtype, forward)
            self.add(case, "backward", device, dtype, backward)
            if device.type == "cuda":
                torch.cuda.empty_cache()

    def places(self, case):
        """Where and in what numbers a case is small enough to be run."""
        columns = math.prod(case.sizes[0]) * case.window * 4
        if case.multiply_adds <= CPU_LIMIT and columns <= COLUMNS_LIMIT / 8:
            yield torch.device("cpu"), torch.float32
        if self.device.type == "cuda":
            for dtype in (torch.float32, torch.bfloat16):
                yield self.device, dtype


def _forward(case, function, device, dtype):
    tensors = case.tensors(device, dtype)

    def call():
        with torch.no_grad():
            return function(*tensors, **case.settings)

    return call


def _backward(case, function, device, dtype):
    tensors = case.tensors(device, dtype)
    learnt = [tensor.requires_grad_() for tensor in tensors[: case.gradients]]
    with torch.enable_grad():
        y = function(*tensors, **case.settings)
    grad = torch.ones_like(y)
    return lambda: torch.autograd.grad(y, learnt, grad, retain_graph=True)


def least(case: Case, pass_: str, dtype) -> tuple[float, float]:
    """Bytes and operations that a pass cannot do without."""
    tensors = [torch.empty(size, device="meta", dtype=dtype) for size in case.sizes]
    if case.classes:
        tensors[-1] = tensors[-1].long()
    output = getattr(F, case.operator)(*tensors, **case.settings)
    bytes_ = sum(tensor.nbytes for tensor in (*tensors, output))
    if pass_ == "forward":
        return bytes_, 2 * case.multiply_adds
    # The gradients are as large as what they are of, and each takes a product of its own.
    written = sum(tensor.nbytes for tensor in tensors[: case.gradients])
    reads_x = case.gradients > 1 or case.operator in ("max_pool2d", "batch_norm", "cross_entropy")
    read = bytes_ if reads_x else output.nbytes
    return read + written, 2 * case.multiply_adds * case.gradients


def device_and_threads(device: torch.device) -> str:
    threads = f"cpu, {torch.get_num_threads()} threads"
    return threads if device.type == "cpu" else device_name(device)


def side_by_side(rows: list[dict]) -> Table:
    """One line for each call, the ways beside one another."""
    lines: dict = {}
    for row in rows:
        key = row["case"], row["pass"], int(row["batch"]), row["dtype"]
        place = "CPU" if row["device"].startswith("cpu") else "GPU"
        lines.setdefault(key, {})[row["way"], place] = row
    table = []
    for (case, pass_, batch, dtype), ways in sorted(lines.items()):
        line = {"case": case, "pass": pass_, "N": batch, "dtype": dtype}
        line["im2col ms"] = _number(ways.get(("im2col", "CPU")))
        line["reference ms"] = _number(ways.get(("reference", "CPU")))
        for place in ("CPU", "GPU"):
            if not any(where == place for entry in lines.values() for _, where in entry):
                continue
            twin, blocked, library = (ways.get((w, place)) for w in ("twin", "blocked", "library"))
            line[f"twin {place} ms"], line[f"blocked {place} ms"] = _number(twin), _number(blocked)
            line[f"torch {place} ms"] = _number(library)
            line[f"times {place}"] = ratio(twin, library)
            line[f"share {place}"] = f"{float(twin['share']):.0%}" if twin else "-"
            line[f"torch's {place}"] = f"{float(library['share']):.0%}" if library else "-"
            if place == "GPU":
                line["peak MB"], line["torch's MB"] = (
                    float(way["peak_megabytes"]) if way else None for way in (twin, library)
                )
        table.append(line)
    return Table(table, caption="medians; times: the twin's time over torch's")


def _number(row) -> float | None:
    return float(f"{float(row['milliseconds']):.3g}") if row else None


def ratio(twin, library) -> float | None:
    """How many times as long as torch's own function."""
    if not (twin and library):
        return None
    return round(float(twin["milliseconds"]) / float(library["milliseconds"]), 2)


def figure(rows: list[dict]):
    """How many times as long as torch each twin takes, on each device, at the largest batch."""
    found: dict = {}
    for row in rows:
        if row["dtype"] == "float32" and row["way"] in ("twin", "library"):
            place = "CPU" if row["device"].startswith("cpu") else "GPU"
            key = row["case"], row["pass"], place
            found.setdefault(key, {}).setdefault(int(row["batch"]), {})[row["way"]] = row
    cases = sorted({case for case, *_ in found}, reverse=True)
    places = sorted({place for *_, place in found})
    height = 0.26 * len(cases) + 1.2
    drawing, axes = panels(len(places), width=9, height=height, sharey=True)
    for ax, place in zip(axes, places, strict=True):
        for pass_, colour, marker in (("forward", BLUE, "o"), ("backward", VERMILION, "s")):
            points = [
                (ratio(ways.get("twin"), ways.get("library")), cases.index(case))
                for (case, p, where), batches in found.items()
                if (p, where) == (pass_, place)
                for ways in [batches[max(batches)]]
                if ratio(ways.get("twin"), ways.get("library"))
            ]
            style = {"color": colour, "label": pass_, "linestyle": "none"}
            ax.plot(*zip(*points, strict=True), marker, **style)
        ax.set_xscale("log")
        ax.axvline(1, color="0.5", linewidth=1, linestyle="-")
        ax.set_yticks(range(len(cases)), cases, fontsize=9)
        ax.set_ylim(-0.7, len(cases) - 0.3)
        ax.set_title(f"the twin's time over torch's, {place}")
        ax.set_xlabel("times (1: as fast; left is faster)")
        ax.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    return drawing


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", choices=["cpu", "cuda"], help="cuda where there is one")
    parser.add_argument("--quick", action="store_true", help="small shapes alone, in seconds")
    parser.add_argument(
        "--processor-time",
        action="store_true",
        help="on a CPU with other work: one thread, and the time that it computed",
    )
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--out", type=Path, default=Path("runs/operators"))
    given = parser.parse_args(arguments)
    chosen = torch.device(given.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    if chosen.type == "cuda" and not torch.cuda.is_available():
        parser.error("--device cuda needs a GPU and a CUDA build of torch; there is none here")
    if given.processor_time:
        global CLOCK
        CLOCK = time.process_time
        torch.set_num_threads(1)
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    given.out.mkdir(parents=True, exist_ok=True)
    measurement = Measurement(given.out / "operators.csv", chosen, 0.3 if given.quick else 0.15)
    cases = [case for case in ladder(given.quick) if given.only in case.name]
    for number, case in enumerate(cases, 1):
        print(f"\r{number} of {len(cases)}: {case.name}, N = {case.batch}".ljust(79), end="")
        sys.stdout.flush()
        measurement.measure(case)
    print("\r".ljust(80) + "\r", end="")
    command = f"python -m benchmarks.operators {' '.join(sys.argv[1:])}".rstrip()
    lines = [
        f"{datetime.date.today()}, {command}",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"torch {torch.__version__}, NumPy {np.__version__}",
    ]
    for device in {torch.device("cpu"), chosen}:
        for dtype in (torch.float32, torch.bfloat16)[: 2 if device.type == "cuda" else 1]:
            copied, multiplied = measurement.limits(device, dtype)
            lines.append(
                f"ceilings of {device_and_threads(device)}, {str(dtype)[6:]}: "
                f"copy {copied / 1e9:.0f} GB/s, product {multiplied / 1e12:.3f} TFLOP/s"
            )
    if chosen.type == "cpu":
        lines.append("no GPU was asked for or found: the GPU's columns are absent")
    text = "\n".join([*lines, "", str(side_by_side(measurement.rows)), ""])
    (given.out / "operators.txt").write_text(text)
    print(text)
    figure(measurement.rows).savefig(given.out / "operators.png", dpi=120)
    print(f"kept in {given.out}: operators.csv, operators.txt, operators.png")


if __name__ == "__main__":
    main()
