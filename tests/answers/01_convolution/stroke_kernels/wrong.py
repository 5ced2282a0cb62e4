"""Pairs of kernels that miss something."""

import numpy as np


def edges_of_the_lecture():
    """an edge in place of a stroke"""
    vertical = np.array([[1, 0, -1]] * 3) / 3
    return [vertical, vertical.T]


def sobel():
    """an edge in place of a stroke"""
    vertical = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]) / 4
    return [vertical, vertical.T]


def difference_of_neighbours():
    """an edge in place of a stroke"""
    return [[[-1 / 3, 1 / 3]] * 3, [[-1 / 3] * 3, [1 / 3] * 3]]


def mean_of_a_column():
    """a kernel without negative weights"""
    vertical = np.array([[0, 1, 0]] * 3) / 3
    return [vertical, vertical.T]


def pictures_of_ones_and_minus_ones():
    """weights that do not add up to 0"""
    vertical = np.array([[-1, 1, -1]] * 3) / 3
    return [vertical, vertical.T]


def sharpened():
    """weights that do not add up to 0"""
    vertical = np.array([[-1, 3, -1]] * 3) / 9
    return [vertical, vertical.T]


def one_side_alone():
    """a kernel that is lopsided"""
    vertical = np.array([[-1, 1, 0]] * 3) / 3
    return [vertical, vertical.T]


def lower_part_heavier():
    """a kernel that is lopsided"""
    vertical = np.array([[-1, 1, -1], [-1, 2, -1], [-1, 3, -1]]) / 6
    return [vertical, vertical.T]


def one_row():
    """a kernel that takes a speck for a stroke"""
    return [[[-0.5, 1, -0.5]], [[-0.5], [1], [-0.5]]]


def heavy_centre():
    """a kernel that takes a speck for a stroke"""
    vertical = np.outer([1, 4, 1], [-1, 2, -1]) / 12
    return [vertical, vertical.T]


def laplacian_twice():
    """one kernel for both strokes"""
    kernel = [[0, -0.25, 0], [-0.25, 1, -0.25], [0, -0.25, 0]]
    return [kernel, kernel]


def forgot_to_transpose():
    """one kernel for both strokes"""
    vertical = np.array([[-1, 2, -1]] * 3) / 6
    return [vertical, vertical]


def other_order():
    """kernels in the other order"""
    vertical = np.array([[-1, 2, -1]] * 3) / 6
    return [vertical.T, vertical]


def whole_numbers():
    """weights of another scale"""
    vertical = np.array([[-1, 2, -1]] * 3)
    return [vertical, vertical.T]


def divided_by_the_number_of_weights():
    """weights of another scale"""
    vertical = np.array([[-1, 2, -1]] * 3) / 9
    return [vertical, vertical.T]


def dark_stroke():
    """a kernel that looks for a dark stroke"""
    vertical = np.array([[1, -2, 1]] * 3) / 6
    return [vertical, vertical.T]


def second_forgotten():
    """a kernel without negative weights"""
    return [np.array([[-1, 2, -1]] * 3) / 6, np.zeros((3, 3))]
