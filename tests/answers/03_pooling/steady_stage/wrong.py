"""Stages that miss something; (kind, kernel, stride, padding)."""


def usual():
    """a maximum alone"""
    return [("max", 2, 2, 0), ("max", 2, 2, 0)]


def one_maximum():
    """a maximum alone"""
    return [("max", 4, 4, 0)]


def one_average():
    """an average alone"""
    return [("average", 4, 4, 0)]


def average_first():
    """an average before the maximum"""
    return [("average", 2, 2, 0), ("max", 2, 2, 0)]


def narrow():
    """a maximum that is too narrow"""
    return [("max", 3, 1, 1), ("average", 4, 4, 0)]


def almost_wide_enough():
    """a maximum that is too narrow"""
    return [("max", 5, 1, 2), ("average", 4, 4, 0)]


def maximum_with_steps():
    """a maximum that takes the steps"""
    return [("max", 4, 2, 1), ("max", 3, 1, 1), ("average", 2, 2, 0)]


def maximum_again():
    """a maximum that takes the steps"""
    return [("max", 7, 1, 3), ("average", 2, 2, 0), ("max", 2, 2, 0)]


def padded_average():
    """zeros that an average counts"""
    return [("max", 7, 1, 3), ("average", 6, 4, 1)]


def no_padding():
    """layers that lose their border"""
    return [("max", 7, 1, 0), ("average", 4, 4, 0)]


def eighth():
    """a stage that shrinks too much"""
    return [("max", 7, 1, 3), ("average", 4, 4, 0), ("max", 2, 2, 0)]


def half():
    """a stage that shrinks too little"""
    return [("max", 7, 1, 3), ("average", 2, 2, 0)]


def huge():
    """a stage that forgets where"""
    return [("max", 15, 1, 7), ("average", 4, 4, 0)]


def skipping():
    """windows that leave pixels out"""
    return [("max", 3, 4, 0)]
