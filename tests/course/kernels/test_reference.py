"""The algorithms give torch's convolution; reads are those told."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course.kernels import gpu, reference

rng = np.random.default_rng(0)


def sample(n, c, size, o, k, dtype=np.float64):
    x = rng.normal(size=(n, c, *size)).astype(dtype)
    return x, (rng.normal(size=(o, c, *k)) / np.sqrt(c * k[0] * k[1])).astype(dtype)


def judge(result, x, weight, **settings):
    expected = F.conv2d(torch.tensor(x).double(), torch.tensor(weight).double(), **settings)
    np.testing.assert_allclose(np.asarray(result), expected.numpy(), atol=1e-12)


@pytest.mark.parametrize("twin", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("tile", [5, 16, 4096])
def test_implicit_gemm(twin, stride, tile):
    x, weight = sample(2, 3, (9, 7), 4, (3, 2))
    if twin:
        y = gpu.implicit_gemm(torch.tensor(x), torch.tensor(weight), stride, 1, tile)
    else:
        y = reference.implicit_gemm(x, weight, stride, 1, tile)
    judge(y, x, weight, stride=stride, padding=1)


@pytest.mark.parametrize("twin", [False, True])
@pytest.mark.parametrize("m", [2, 4])
@pytest.mark.parametrize("size", [(8, 8), (9, 6), (3, 5)])
def test_winograd(twin, m, size):
    x, weight = sample(2, 3, size, 4, (3, 3))
    if twin:
        y = gpu.winograd(torch.tensor(x), torch.tensor(weight), 1, m)
    else:
        y = reference.winograd(x, weight, 1, m)
    judge(y, x, weight, padding=1)


@pytest.mark.parametrize("twin", [False, True])
@pytest.mark.parametrize("k", [(1, 1), (3, 2), (7, 5)])
def test_fft(twin, k):
    x, weight = sample(2, 3, (11, 8), 4, k)
    call = gpu.fft if twin else reference.fft
    y = call(*map(torch.tensor, (x, weight)), 1) if twin else call(x, weight, 1)
    judge(y, x, weight, padding=1)


def test_winograd_by_hand():
    assert reference.winograd1d(np.array([1, 4, 2, 3]), np.array([2, 1, -1])).tolist() == [4, 7]


def test_winograd_loses_digits():
    """F(4x4) in float16 is off by about 1 %, in float32 by some 1e-6; F(2x2) by less."""
    x, weight = sample(1, 16, (26, 26), 16, (3, 3))
    errors = {}
    for m in (2, 4):
        for dtype in (np.float16, np.float32):
            narrow = x.astype(dtype), weight.astype(dtype)
            exact = F.conv2d(*(torch.tensor(a).double() for a in narrow)).numpy()
            off = np.abs(reference.winograd(*narrow, m=m) - exact).max() / np.abs(exact).max()
            errors[m, dtype] = off
    assert 3e-3 < errors[4, np.float16] < 5e-2
    assert errors[4, np.float32] < 1e-4
    for dtype in (np.float16, np.float32):
        assert errors[2, dtype] < errors[4, dtype] / 3


@pytest.mark.parametrize(
    ("size", "naive", "tiled"),
    [((32, 32), 8836, 1444), ((16, 16), 2116, 324), ((30, 37), 9592, 1620)],
)
def test_reads_of_global_memory(size, naive, tiled):
    assert reference.naive_reads(*size, 3) == naive
    assert reference.tiled_reads(*size, 3, 8) == tiled
