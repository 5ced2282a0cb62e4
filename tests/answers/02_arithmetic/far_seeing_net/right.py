"""Nets that see 63 pixels for at most 5000 weights; (out, kernel, stride, padding, dilation)."""


def narrow_first():
    strided = [(8, 3, 2, 1, 1)] * 3
    return [*strided, (8, 3, 1, 1, 1), (8, 3, 1, 1, 1), (16, 3, 1, 1, 1)]


def dilated_at_the_end():
    # 15 pixels behind the strides, 31 behind the next layer, whose taps may then lie 16 apart.
    return [[8, 3, 2, 1, 1], [8, 3, 2, 1, 1], [12, 3, 2, 1, 1], [12, 3, 1, 1, 1], [16, 3, 1, 2, 2]]


def one_large_step():
    return [(4, 9, 8, 4, 1), (8, 3, 1, 1, 1), (8, 3, 1, 1, 1), (8, 3, 1, 1, 1), (16, 3, 1, 1, 1)]


def large_kernel_on_few_channels():
    return [(4, 5, 2, 2, 1), (4, 5, 2, 2, 1), (4, 5, 2, 2, 1), (8, 7, 1, 3, 1), (16, 1, 1, 0, 1)]


def even_kernels():
    return [(6, 4, 2, 1, 1), (6, 4, 2, 1, 1), (6, 4, 2, 1, 1), (6, 5, 1, 2, 1), (16, 5, 1, 2, 1)]


def gaps_that_the_next_layer_fills():
    return [(8, 3, 2, 1, 1)] * 3 + [(8, 3, 1, 2, 2), (16, 3, 1, 1, 1)]
