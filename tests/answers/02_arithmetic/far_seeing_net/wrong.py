"""Nets that miss something; (out, kernel, stride, padding, dilation)."""


def wide():
    """a net that is wide from its first layer on"""
    return [(16, 3, 2, 1, 1)] * 3 + [(16, 3, 1, 1, 1)] * 3


def one_kernel():
    """a large kernel that is too dear"""
    return [(16, 63, 8, 31, 1)]


def large_at_the_end():
    """a large kernel that is too dear"""
    return [(8, 3, 2, 1, 1)] * 3 + [(16, 7, 1, 3, 1)]


def gaps():
    """a field that leaves pixels out"""
    return [(8, 3, 2, 1, 1)] * 3 + [(16, 3, 1, 3, 3)]


def stride_that_skips():
    """a field that leaves pixels out"""
    return [(8, 3, 4, 1, 1), (8, 3, 2, 1, 1), *[(8, 3, 1, 1, 1)] * 3, (16, 3, 1, 1, 1)]


def two_strides():
    """a net that shrinks too little"""
    return [(8, 3, 2, 1, 1)] * 2 + [(8, 3, 1, 1, 1)] * 3 + [(16, 3, 1, 1, 1)]


def four_strides():
    """a net that shrinks too much"""
    return [(8, 3, 2, 1, 1)] * 4 + [(16, 3, 1, 1, 1)] * 2


def no_padding():
    """layers that lose their border"""
    return [(8, 3, 2, 0, 1)] * 3 + [(8, 3, 1, 0, 1)] * 2 + [(16, 3, 1, 0, 1)]


def padding_for_an_undilated_kernel():
    """layers that lose their border"""
    return [(8, 3, 2, 1, 1)] * 3 + [(8, 3, 1, 1, 1), (16, 3, 1, 1, 2)]


def eight_maps():
    """another number of maps at the end"""
    return [(8, 3, 2, 1, 1)] * 3 + [(8, 3, 1, 1, 1)] * 3


def stride_counted_at_once():
    """a field that counts a layer's own stride too early"""
    # Believed 1 + 3 * 2 + 2 * 4 + 2 * 8 + 16 + 16 = 63, seen 1 + 3 + 4 + 8 + 32 = 48.
    strided = [(8, 4, 2, 1, 1), (8, 3, 2, 1, 1), (8, 3, 2, 1, 1)]
    return [*strided, (8, 3, 1, 1, 1), (16, 3, 1, 1, 1)]


def dilation_times_kernel():
    """a dilated window that is d * k long"""
    # 27 behind four layers; the last one is believed to add 5 * 8, and adds 4 * 8: 59.
    return [(8, 3, 2, 1, 1)] * 2 + [(8, 2, 2, 0, 1), (8, 3, 1, 1, 1), (16, 3, 1, 2, 2)]


def strides_last():
    """a net that sees too little"""
    return [(8, 3, 1, 1, 1)] * 3 + [(8, 3, 2, 1, 1)] * 2 + [(16, 3, 2, 1, 1)]


def too_many_layers():
    """more layers than it takes to see far"""
    return [(8, 3, 2, 1, 1)] * 3 + [(8, 3, 1, 1, 1)] * 6 + [(16, 3, 1, 1, 1)]
