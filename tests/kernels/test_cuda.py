"""The CUDA kernels, in numba's simulator in a process of its own; on a GPU where there is one."""

import importlib.util
import os
import subprocess
import sys

import pytest

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
        (cuda.naive, reference.naive_reads(*size, 3)),
        (cuda.tiled(8, 3), reference.tiled_reads(*size, 3, 8)),
    ]:
        output, reads = cuda.run(kernel, image, mask)
        np.testing.assert_allclose(output, wanted, atol=1e-4)
        assert reads == counted, (reads, counted)
    if {simulated}:
        output, _ = cuda.run(cuda.tiled(8, 3, barrier=False), image, mask)
        assert not np.allclose(output, wanted, atol=1e-2)
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


def run(sizes, simulated):
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1" if simulated else "0"}
    script = SCRIPT.format(sizes=sizes, simulated=simulated)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.stdout == "right\n", done.stderr


def test_in_the_simulator_every_kernel_is_right_and_a_forgotten_barrier_is_not():
    run([(16, 16), (13, 19)], simulated=True)


@pytest.mark.gpu
def test_on_a_gpu_every_kernel_is_right():
    import torch

    if not torch.cuda.is_available():
        pytest.skip("needs CUDA")
    run([(32, 32), (30, 37), (513, 700)], simulated=False)
