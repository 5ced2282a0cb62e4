"""Wrong answers to `output_size`, as students give them."""

import math


def _pair(value):
    return value if isinstance(value, tuple) else (value, value)


def added_one_before_dividing(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a 1 that is added before the division"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1 + 1) // s)
    return tuple(sizes)


def d_zeros_between_taps(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a window with d zeros between its taps"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < (d + 1) * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - (d + 1) * (k - 1) - 1) // s + 1)
    return tuple(sizes)


def dilated_kernel_d_times_k(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a window of d * k pixels"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * k:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * k) // s + 1)
    return tuple(sizes)


def dilation_added_once(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a window of k + d - 1 pixels"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < k + d - 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - (k + d - 1)) // s + 1)
    return tuple(sizes)


def _pair_of_first_of_pair_only(value):
    return (value[0], value[0]) if isinstance(value, tuple) else (value, value)


def first_of_pair_only(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """the first number of each pair for both axes"""
    options = [
        _pair_of_first_of_pair_only(value) for value in (kernel_size, stride, padding, dilation)
    ]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


def float_division(input_size, kernel_size, stride=1, padding=0, dilation=1):
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) / s + 1)
    return tuple(sizes)


def forgot_last_tap(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a window of d * (k - 1) pixels"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1)) // s + 1)
    return tuple(sizes)


def forgot_to_add_one(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a count of the steps instead of the places"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s)
    return tuple(sizes)


def height_twice(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a height that is given twice"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return (sizes[0], sizes[0])


def never_refuses(input_size, kernel_size, stride=1, padding=0, dilation=1):
    def both(v):
        return v if isinstance(v, tuple) else (v, v)

    rows = zip(
        input_size, both(kernel_size), both(stride), both(padding), both(dilation), strict=True
    )
    return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in rows)


def no_dilation(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a dilation that is ignored"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, _ in zip(input_size, *options, strict=True):
        if n + 2 * p < k:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - k) // s + 1)
    return tuple(sizes)


def no_padding(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding that is ignored"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


def no_stride(input_size, kernel_size, stride=1, padding=0, dilation=1):
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, _, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append(n + 2 * p - d * (k - 1))
    return tuple(sizes)


def no_window_taken_off(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a quotient of the padded size, with no window taken off"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p) // s)
    return tuple(sizes)


def padding_added_to_output(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding that is added to the output"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n - d * (k - 1) - 1) // s + 1 + 2 * p)
    return tuple(sizes)


def padding_once(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding that is counted once"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + p - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


def padding_subtracted(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a padding with its sign turned"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n - 2 * p - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


def _pair_of_pairs_swapped(value):
    return value[::-1] if isinstance(value, tuple) else (value, value)


def pairs_swapped(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """pairs with their two axes swapped"""
    options = [_pair_of_pairs_swapped(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


def rounded_to_nearest(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a division rounded to the nearest integer"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append(round((n + 2 * p - d * (k - 1) - 1) / s) + 1)
    return tuple(sizes)


def rounded_up(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """a division rounded up"""
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append(math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1)
    return tuple(sizes)


def stride_from_kernel(input_size, kernel_size, stride=1, padding=0, dilation=1):
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, _, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // k + 1)
    return tuple(sizes)


def swapped_result(input_size, kernel_size, stride=1, padding=0, dilation=1):
    options = [_pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return (sizes[1], sizes[0])
