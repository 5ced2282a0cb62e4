"""The CUDA kernels of lecture 10 on a GPU: right, timed beside cuDNN, their reads counted.

    python -m benchmarks.kernels                on a GPU, with numba-cuda
    python -m benchmarks.kernels --simulated    anywhere: small pictures in the simulator, no times

Each kernel is compiled and compared with torch in float64 before it is timed, without its counting.
A time is the median of several runs of `LAUNCHES` launches between two events of the stream, for a
single launch from Python may take longer than the kernel. TF32 is off. GB/s are those of the bytes
that cannot be done without: picture and output, each once.

Reads of the picture are counted by the kernel itself. Where Nsight Compute (`ncu`) is installed and
may be used, its two counts stand beside them: load instructions, each of a warp of 32 threads, and
sectors of 32 bytes. It counts the loads of the mask as well.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from benchmarks.operators import medians
from course import runs
from course.table import Table

LAUNCHES = 10
SIZES, COUNTED = (2048, 8192), 1024  # pixels along each axis; timed, and counted
MASKS, TILES = (3, 5, 7), (8, 16, 32)
COUNTERS = {
    "profiler: load instructions": "smsp__inst_executed_op_global_ld.sum",
    "profiler: sectors": "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum",
}


def missing() -> str:
    """Why the kernels cannot be run on a GPU here; "" if they can."""
    if not torch.cuda.is_available():
        return "there is no GPU, or torch is not built for CUDA"
    try:
        from numba import cuda

        if not cuda.is_available():
            return "numba finds no GPU: pip install 'numba-cuda[cu13]', or [cu12]"
        # Compiling needs more than finding a GPU does.
        cuda.jit(lambda array: None)[1, 1](cuda.to_device(np.zeros(1, np.float32)))
        cuda.synchronize()
    except Exception as error:  # of numba, its linker or the driver: many kinds
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        return f"numba cannot run a kernel here ({reason}): pip install 'numba-cuda[cu13]'"
    return ""


def ways(kernel_size: int, counted: bool, tiles=TILES):
    """Each kernel's name, itself, and the threads of its block along each axis."""
    from course.kernels import cuda

    yield f"naive, {tiles[-1]}", cuda.naive(counted), tiles[-1]
    for tile in tiles:
        yield f"tiled, {tile}", cuda.tiled(tile, kernel_size, counted=counted), tile


def drawn(size: int, kernel_size: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture and a mask, float32."""
    rng = np.random.default_rng(0)
    picture = rng.random((size, size), np.float32) - np.float32(0.5)
    return picture, rng.normal(size=(kernel_size, kernel_size)).astype(np.float32)


def correlation(picture: np.ndarray, mask: np.ndarray, device: str) -> np.ndarray:
    """By torch, in float64."""
    given = (
        torch.tensor(a, dtype=torch.float64, device=device)[None, None] for a in (picture, mask)
    )
    return F.conv2d(*given, padding=len(mask) // 2)[0, 0].cpu().numpy()


def counts(size: int, masks=MASKS, tiles=TILES, device: str = "cuda") -> list[dict]:
    """Whether each kernel is right, and its reads beside those of the formula."""
    from course.kernels import cuda, reference

    rows = []
    for k in masks:
        picture, mask = drawn(size, k)
        wanted = correlation(picture, mask, device)
        for name, kernel, tile in ways(k, True, tiles):
            output, reads = cuda.run(kernel, picture, mask, tile)
            alone = name.startswith("naive")
            predicted = (
                reference.naive_reads(size, size, k)
                if alone
                else reference.tiled_reads(size, size, k, tile)
            )
            difference = float(np.abs(output - wanted).max())
            if not difference < 1e-4 or reads != predicted:
                raise SystemExit(
                    f"{name}, mask {k}: off by {difference:.1e}, {reads} reads, not {predicted}"
                )
            rows.append(
                {"picture": size, "mask": k, "kernel": name, "reads": reads, "formula": predicted}
            )
    return rows


def times(size: int) -> list[dict]:
    """Milliseconds of each kernel, and of cuDNN on the same picture."""
    from numba import cuda as device

    rows, spare = [], device.to_device(np.zeros(1, np.int32))
    for k in MASKS:
        picture, mask = drawn(size, k)
        wanted = correlation(picture, mask, "cuda")
        given = [torch.tensor(a, device="cuda") for a in (picture, mask)]
        output = torch.full_like(given[0], torch.nan)
        arrays = [device.as_cuda_array(tensor) for tensor in (*given, output)]
        calls = []
        for name, kernel, tile in ways(k, False):
            blocks = -(-size // tile)
            launch = kernel[(blocks, blocks), (tile, tile)]
            calls.append((name, lambda launch=launch, a=arrays: launch(*a, spare)))
        x, weight = (tensor[None, None] for tensor in given)
        calls.append(("cuDNN", lambda x=x, w=weight, k=k: F.conv2d(x, w, padding=k // 2)))
        for name, call in calls:
            output.fill_(torch.nan)
            result = call()  # compiles it, too
            torch.cuda.synchronize()
            got = (output if result is None else result[0, 0]).cpu().numpy()
            difference = float(np.abs(got - wanted).max())
            if not difference < 1e-3:
                raise SystemExit(f"{name}, mask {k}, {size} pixels: off by {difference:.1e}")
            rows.append(timed(name, call, size, k, 2 * picture.nbytes))
    return rows


def timed(name: str, call, size: int, mask: int, least: int) -> dict:
    """A row: the time of one launch, and the bytes a second that it stands for."""

    def several():
        for _ in range(LAUNCHES):
            call()

    (several_seconds,) = medians([several], torch.device("cuda"), 0.3)
    seconds = several_seconds / LAUNCHES
    return {
        "picture": size,
        "mask": mask,
        "kernel": name,
        "milliseconds": float(f"{seconds * 1e3:.4g}"),
        "GB/s": round(least / seconds / 1e9),
    }


def gemm() -> list[dict]:
    """Implicit GEMM and cuDNN on a stage of ResNet."""
    from numba import cuda as device

    from course.kernels import cuda

    rng, rows = np.random.default_rng(0), []
    spare, tile = device.to_device(np.zeros(1, np.int32)), 16
    for n, c, size in [(1, 64, 56), (32, 64, 56), (32, 256, 14)]:
        x = torch.tensor(rng.normal(size=(n, c, size, size)), dtype=torch.float32, device="cuda")
        weight = rng.normal(size=(c, c, 3, 3)) / np.sqrt(9 * c)
        weight = torch.tensor(weight, dtype=torch.float32, device="cuda")
        output = torch.full_like(x, torch.nan)
        arrays = [device.as_cuda_array(tensor) for tensor in (x, weight, output)]
        launch = cuda.implicit_gemm(tile, counted=False)[
            (-(-n * size**2 // tile), -(-c // tile)), (tile, tile)
        ]
        wanted = F.conv2d(x.double(), weight.double(), padding=1)
        for name, call in [
            (f"implicit GEMM, {tile}", lambda launch=launch, a=arrays: launch(*a, 1, 1, spare)),
            ("cuDNN", lambda x=x, w=weight: F.conv2d(x, w, padding=1)),
        ]:
            result = call()
            torch.cuda.synchronize()
            got = output if result is None else result
            difference = float((got - wanted).abs().max())
            if not difference < 1e-3:
                raise SystemExit(f"{name}, {tuple(x.shape)}: off by {difference:.1e}")
            row = timed(name, call, size, 3, 4 * (2 * x.numel() + weight.numel()))
            rows.append(row | {"picture": f"{n} x {c} x {size} x {size}"})
    return rows


def profile(rows: list[dict]) -> str:
    """Add Nsight Compute's counts to the rows of `counts`; why not, where that is not possible."""
    profiler = shutil.which("ncu")
    if profiler is None:
        return "no counts of a profiler: ncu (Nsight Compute) is not installed"
    command = [profiler, "--csv", "--metrics", ",".join(COUNTERS.values())]
    # Those that numba made of a function named kernel: torch's have other names.
    command += ["--kernel-name-base", "mangled", "--kernel-name", "regex:cudapy.*6kernel"]
    command += [sys.executable, "-m", "benchmarks.kernels", "--profiled"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    found = counted_by_profiler(done.stdout)
    if len(found) != len(rows):
        errors = [line for line in done.stdout.splitlines() if line.startswith("==ERROR==")]
        return f"no counts of a profiler: {(errors or ['ncu saw other kernels than expected'])[0]}"
    for row, counters in zip(rows, found, strict=True):
        row |= counters
    return ""


def counted_by_profiler(text: str) -> list[dict]:
    """Its counts, one dict for each launch in their order, from what `ncu --csv` prints."""
    lines = [line for line in text.splitlines() if line.startswith('"')]
    names = {metric: name for name, metric in COUNTERS.items()}
    launches: dict[str, dict] = {}
    for line in csv.DictReader(io.StringIO("\n".join(lines))):
        if line["Metric Name"] in names:
            value = int(float(line["Metric Value"].replace(",", "")))
            launches.setdefault(line["ID"], {})[names[line["Metric Name"]]] = value
    return list(launches.values())


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--simulated", action="store_true", help="without a GPU, and without times")
    parser.add_argument("--profiled", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=Path("runs/kernels"))
    given = parser.parse_args(arguments)
    # numba asks once, when it is imported.
    os.environ["NUMBA_ENABLE_CUDASIM"] = "1" if given.simulated else "0"
    if given.simulated:
        print(Table(counts(13, masks=(3, 5), tiles=(2, 4), device="cpu")))
        return
    if why := missing():
        print(f"Not measured: {why}.")
        return
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    counted = counts(COUNTED, tiles=TILES[1:2])
    if given.profiled:
        return
    why = profile(counted)
    measured = [row for size in SIZES for row in times(size)] + gemm()
    given.out.mkdir(parents=True, exist_ok=True)
    runs.write(given.out / "times.csv", measured)
    runs.write(given.out / "reads.csv", counted)
    head = f"{datetime.date.today()}, {torch.cuda.get_device_name()}, torch {torch.__version__}"
    text = "\n".join([head, why, "", str(Table(counted)), "", str(Table(measured)), ""])
    (given.out / "kernels.txt").write_text(text)
    print(text)
    print(f"kept in {given.out}: times.csv, reads.csv, kernels.txt")


if __name__ == "__main__":
    main()
