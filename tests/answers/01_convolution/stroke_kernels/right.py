"""Pairs of kernels that do all that is asked for."""

import numpy as np
import torch


def three_rows():
    vertical = [[-1 / 6, 1 / 3, -1 / 6]] * 3
    horizontal = [[-1 / 6] * 3, [1 / 3] * 3, [-1 / 6] * 3]
    return [vertical, horizontal]


def transposed():
    vertical = np.array([[-1, 2, -1]] * 3) / 6
    return vertical, vertical.T


def rounded():
    vertical = np.array([[-0.167, 0.333, -0.167]] * 3)
    return np.stack([vertical, vertical.T])


def middle_row_counts_double():
    vertical = np.outer([1, 2, 1], [-1, 2, -1]) / 8
    return [vertical.tolist(), vertical.T.tolist()]


def two_rows():
    return [[[-0.25, 0.5, -0.25]] * 2, [[-0.25] * 2, [0.5] * 2, [-0.25] * 2]]


def tensors():
    vertical = torch.tensor([[-1.0, 2, -1]] * 3) / 6
    return [vertical, vertical.T]


def outer_rows_alone():
    vertical = np.outer([1, 0, 1], [-1, 2, -1]) / 4
    return [vertical, vertical.T]
