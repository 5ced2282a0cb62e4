"""What the NumPy reference alone promises: the definition, numbers worked on paper, no torch."""

import subprocess
import sys

import numpy as np
from hypothesis import given, settings

from course.convolution import reference

from .strategies import convolutions, judge


@settings(max_examples=40, deadline=None)
@given(convolutions(2))
def test_the_loops_compute_what_the_library_does(case):
    result = reference.conv2d_loops(*case.arrays, **case.settings)
    judge(result, "conv2d", *case.arrays, **case.settings)


@settings(max_examples=40, deadline=None)
@given(convolutions(2, dtypes=["int64"]))
def test_loops_and_einsum_are_equal(case):
    case.x *= 0
    case.x += np.arange(case.x.size).reshape(case.x.shape) % 7 - 3
    case.weight += np.arange(case.weight.size).reshape(case.weight.shape) % 5 - 2
    np.testing.assert_array_equal(
        reference.conv2d(*case.arrays, **case.settings),
        reference.conv2d_loops(*case.arrays, **case.settings),
        strict=True,
    )


def test_a_vertical_edge():
    """Half-bright 6x6: each window on the edge sees 3 rows of 8 on its one side, so 24."""
    x = np.zeros((1, 6, 6))
    x[:, :, :3] = 8
    weight = np.array([[[[1, 0, -1]] * 3]]).reshape(1, 1, 3, 3).astype(float)
    np.testing.assert_array_equal(reference.conv2d(x, weight), [[[0, 24, 24, 0]] * 4])


def test_the_matrix_of_a_2x2_kernel_on_3x3():
    a, b, c, d = 1, 2, 3, 4
    matrix = reference.conv_matrix(np.array([[[[a, b], [c, d]]]]), 3)
    by_hand = [
        [a, b, 0, c, d, 0, 0, 0, 0],
        [0, a, b, 0, c, d, 0, 0, 0],
        [0, 0, 0, a, b, 0, c, d, 0],
        [0, 0, 0, 0, a, b, 0, c, d],
    ]
    np.testing.assert_array_equal(matrix.toarray(), by_hand)
    assert matrix.nnz == 16


def test_two_signals_are_two_polynomials():
    """(1 + 2t + 3t²)(4 + 5t) = 4 + 13t + 22t² + 15t³, where like powers are added up."""
    x, weight = np.array([1, 2, 3]), np.array([4, 5])
    np.testing.assert_array_equal(reference.convolve1d(x, weight), [4, 13, 22, 15])
    np.testing.assert_array_equal(reference.convolve1d(x, weight, "same"), [4, 13, 22])
    np.testing.assert_array_equal(reference.convolve1d(x, weight, "valid"), [13, 22])


def test_a_transposed_convolution_paints_the_kernel():
    """Two pixels, stride 2, a kernel of 3 taps: they overlap in one place, 3 * 1 + 1 * 10."""
    x, weight = np.array([[[1, 10]]]), np.array([[[[1, 2, 3]]]])
    painted = reference.conv_transpose2d(x, weight, stride=(1, 2))
    np.testing.assert_array_equal(painted, [[[1, 2, 13, 20, 30]]])


def test_fold_counts_how_many_windows_read_a_pixel():
    ones = reference.unfold(np.ones((1, 3, 3)), 2)
    counts = reference.fold(ones, 3, 2)
    np.testing.assert_array_equal(counts, [[[1, 2, 1], [2, 4, 2], [1, 2, 1]]])


def test_input_is_left_as_it_was():
    x, weight, bias = np.ones((1, 2, 3, 3)), np.ones((2, 2, 1, 1)), np.ones(2)
    reference.conv2d(x, weight, bias)[...] = 7
    columns = reference.unfold(x[:, :1, :1], (1, 2))
    columns[0, 0, 1] = 7
    assert (columns == 7).sum() == 1
    for gradient in reference.conv2d_backward(np.ones((1, 2, 3, 3)), x, weight):
        gradient[...] = 7
    reference.conv_matrix(weight, 3).data[...] = 7
    assert all(np.all(a == 1) for a in (x, weight, bias))


def test_torch_is_not_imported():
    code = "import sys, course.convolution.reference; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
