"""Stages that do all that is asked for; (kind, kernel, stride, padding)."""


def wide_maximum():
    return [("max", 7, 1, 3), ("average", 4, 4, 0)]


def maximum_in_three_steps():
    return [("max", 3, 1, 1)] * 3 + [("average", 4, 4, 0)]


def average_in_two_steps():
    return [["max", 7, 1, 3], ["average", 2, 2, 0], ["average", 2, 2, 0]]


def wider_than_needed():
    return [("max", 9, 1, 4), ("average", 4, 4, 0)]


def a_layer_that_does_nothing():
    return [("average", 1, 1, 0), ("max", 5, 1, 2), ("max", 3, 1, 1), ("average", 4, 4, 0)]
