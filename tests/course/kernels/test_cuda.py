"""The CUDA kernels, in numba's simulator in a process of its own; on a GPU where there is one."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys

import pytest

from benchmarks import kernels
from tests.conftest import ROOT

# Not imported here: this process may yet want the simulator, and numba asks once.
if importlib.util.find_spec("numba") is None:
    pytest.skip("numba is optional: pip install -c pins.txt numba", allow_module_level=True)

SCRIPT = """
import numpy as np, scipy.signal
from course.kernels import cuda, reference
for size in {sizes}:
    rng = np.random.default_rng(0)
    image, mask = rng.normal(size=size).astype("f4"), rng.normal(size=(3, 3)).astype("f4")
    wanted = scipy.signal.correlate2d(image.astype(float), mask, mode="same")
    for kernel, counted in [
        (cuda.naive(), reference.naive_reads(*size, 3)),
        (cuda.tiled(8, 3), reference.tiled_reads(*size, 3, 8)),
    ]:
        output, reads = cuda.run(kernel, image, mask)
        np.testing.assert_allclose(output, wanted, atol=1e-4)
        assert reads == counted, (reads, counted)
    if {simulated}:
        output, _ = cuda.run(cuda.tiled(8, 3, barrier=False), image, mask)
        assert not np.allclose(output, wanted, atol=1e-2)
if {simulated}:
    from benchmarks import kernels
    counted = kernels.counts(13, (3,), (4,), "cpu")
    assert [row["reads"] for row in counted] == [37**2, 19**2]
picture = np.zeros((6, 6), np.uint8)
picture[:, 3:] = 8
edge = np.array([[-1, 0, 1]] * 3)
for image, mask in [(picture, edge), (np.full((5, 7), 200, np.uint8), np.ones((3, 3), int))]:
    wanted = scipy.signal.correlate2d(image.astype(int), mask, mode="same")
    np.testing.assert_array_equal(cuda.run_slide(image, mask), wanted % 256)
    assert (wanted % 256 != wanted).any()
import torch
rng = np.random.default_rng(1)
for shape, filters, k, stride, padding, tile in [
    ((1, 2, 6, 7), 4, (3, 3), 1, 1, 4),
    ((2, 3, 7, 5), 5, (3, 2), 2, 1, 4),
    ((1, 2, 5, 5), 3, (2, 2), 1, 0, 2),
]:
    x = rng.normal(size=shape).astype("f4")
    weight = rng.normal(size=(filters, shape[1], *k)).astype("f4")
    output, reads = cuda.run_implicit_gemm(x, weight, stride, padding, tile)
    exact = torch.tensor(x).double(), torch.tensor(weight).double()
    wanted = torch.nn.functional.conv2d(*exact, stride=stride, padding=padding).numpy()
    np.testing.assert_allclose(output, wanted, atol=1e-4)
    if not padding:  # then every column of every tile of filters is read, and nothing else
        assert reads == wanted[:, 0].size * weight[0].size * -(-filters // tile)
print("right")
"""


# Of the slides (NYU, "Convolutional Neural Networks"), after declarations of what CUDA declares.
SLIDE = """
#define __global__
struct { int x, y; } blockIdx, blockDim, threadIdx;
__global__ void convolution_2D_basic_kernel(unsigned char * in, unsigned char *
filter, unsigned char * out,
    int filterwidth, int w, int h) {
    int Col  = blockIdx.x * blockDim.x + threadIdx.x;
    int Row  = blockIdx.y * blockDim.y + threadIdx.y;
    if (Col < w && Row < h) {
        int pixVal = 0;
        N_start_col  = Col - (filterwidth/2);
        N_start_row = Row - (filterwidth/2);
        for(int j = 0; j < filterwidth; ++j) {
            for(int k = 0; k < filterwidth; ++k) {
                int curRow = N_Start_row + j;
                int curCol =  N_start_col  + k;
                if(curRow > -1 && curRow < h && curCol > -1 && curCol < w) {
                    pixVal += in[curRow * w + curCol] * filter[j*filterwidth+k];
                }
            }
        }
        out[Row * w + Col] = (unsigned char)(pixVal);
    }
}
"""


def test_a_compiler_refuses_the_slide_s_kernel_for_three_names():
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("needs a C++ compiler")
    command = [compiler, "-fsyntax-only", "-x", "c++", "-"]

    def errors(text):
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        return [line for line in done.stderr.splitlines() if "error:" in line]

    undeclared = {"N_start_col", "N_start_row", "N_Start_row"}
    assert {re.search(r"N_\w+", line)[0] for line in errors(SLIDE)} == undeclared
    names = ", ".join(sorted(undeclared))
    assert not errors(SLIDE.replace("int pixVal", f"int {names}, pixVal", 1))


def body(tree, name):
    """The code of a function, without its docstring and what counts only where it is asked to."""
    found = next(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name
    )
    inner = next((node for node in found.body if isinstance(node, ast.FunctionDef)), found)
    lines = ast.unparse(inner.body[ast.get_docstring(inner) is not None :])
    return re.sub(r"if counted:\n\s*", "", lines)


def test_the_lecture_s_kernels_are_those_of_the_module():
    nbformat = pytest.importorskip("nbformat")  # the tests of a GPU do without it
    notebook = nbformat.read(ROOT / "lectures" / "10_kernels.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in notebook.cells}
    module = ast.parse((ROOT / "course" / "kernels" / "cuda.py").read_text())
    assert body(ast.parse(cells["naive-code"]), "naive") == body(module, "naive")
    slide, mended = (
        body(tree, "convolution_2D_basic_kernel")
        for tree in (ast.parse(cells["slide-code"]), module)
    )
    assert slide.replace("N_Start_row", "N_start_row") == mended != slide


def run(sizes, simulated):
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1" if simulated else "0"}
    script = SCRIPT.format(sizes=sizes, simulated=simulated)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True
    )
    assert done.stdout == "right\n", done.stderr


def test_in_the_simulator_every_kernel_is_right_and_a_forgotten_barrier_is_not():
    run([(16, 16), (13, 19)], simulated=True)


@pytest.mark.gpu
def test_on_a_gpu_every_kernel_is_right():
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "0"}

    def python(code):
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert not done.returncode, done.stderr
        return done.stdout.strip()

    if why := python("from benchmarks import kernels; print(kernels.missing())"):
        pytest.skip(why)
    run([(32, 32), (30, 37), (513, 700)], simulated=False)
    rows = python("from benchmarks import kernels; print(len(kernels.counts(513)))")
    assert int(rows) == len(kernels.MASKS) * (1 + len(kernels.TILES))


def test_the_benchmark_says_what_a_gpu_needs(monkeypatch, capsys):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setenv("NUMBA_ENABLE_CUDASIM", "1")  # put back after it
    kernels.main([])
    assert capsys.readouterr().out.startswith("Not measured: there is no GPU")


def test_what_a_profiler_prints_is_read_launch_by_launch():
    lines = [
        "==PROF== Connected to process 1",
        '"ID","Kernel Name","Metric Name","Metric Unit","Metric Value"',
        '"0","kernel","smsp__inst_executed_op_global_ld.sum","inst","1,024"',
        '"0","kernel","l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum","sector","4,096"',
        '"1","kernel","smsp__inst_executed_op_global_ld.sum","inst","7"',
        '"1","kernel","l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum","sector","9"',
    ]
    assert [list(row.values()) for row in kernels.counted_by_profiler("\n".join(lines))] == [
        [1024, 4096],
        [7, 9],
    ]
