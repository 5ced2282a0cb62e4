"""Wrong answers to `same_padding`, as students give them."""


def all_in_front(kernel_size, dilation=1):
    """all the zeros in front"""
    return dilation * (kernel_size - 1), 0


def dilated_half_kernel(kernel_size, dilation=1):
    """d * (k // 2) zeros on each side"""
    p = dilation * (kernel_size // 2)
    return (p, p)


def extent_d_times_k(kernel_size, dilation=1):
    """a window of d * k pixels"""
    zeros = dilation * kernel_size - 1
    return zeros // 2, zeros - zeros // 2


def full_on_both_sides(kernel_size, dilation=1):
    """all the zeros on both sides"""
    zeros = dilation * (kernel_size - 1)
    return zeros, zeros


def half_kernel(kernel_size, dilation=1):
    """k // 2 zeros on each side"""
    return kernel_size // 2, kernel_size // 2


def half_of_k_minus_one(kernel_size, dilation=1):
    """(k - 1) // 2 zeros on each side"""
    p = (kernel_size - 1) // 2
    return p, p


def no_dilation(kernel_size, dilation=1):
    """a dilation that is ignored"""
    zeros = kernel_size - 1
    return zeros // 2, zeros - zeros // 2


def odd_kernels_only(kernel_size, dilation=1):
    """d * ((k - 1) // 2) zeros on each side"""
    p = dilation * ((kernel_size - 1) // 2)
    return p, p


def one_more_in_front(kernel_size, dilation=1):
    zeros = dilation * (kernel_size - 1)
    after = zeros // 2
    return zeros - after, after


def one_number(kernel_size, dilation=1):
    return dilation * (kernel_size - 1) // 2


def rounded_down_twice(kernel_size, dilation=1):
    """an odd number rounded down on both sides"""
    p = dilation * (kernel_size - 1) // 2
    return p, p


def split_then_dilate(kernel_size, dilation=1):
    """zeros that are split before they are dilated"""
    before = (kernel_size - 1) // 2
    after = kernel_size - 1 - before
    return before * dilation, after * dilation


def whole_extent(kernel_size, dilation=1):
    """zeros for the window's whole extent"""
    zeros = dilation * (kernel_size - 1) + 1
    return zeros // 2, zeros - zeros // 2
