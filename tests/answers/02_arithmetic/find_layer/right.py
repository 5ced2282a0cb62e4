"""Right answers to `find_layer`, as students give them."""

import itertools
from itertools import product


def all_then_min(input_size, output_size):
    largest = abs(input_size - output_size) + 1
    fitting = []
    for p in range(largest):
        for k in range(p + 1, largest + 1):
            behind = input_size + 2 * p - k
            if output_size == 1:
                fitting += [(k, 1, p)] if behind == 0 else []
            elif behind % (output_size - 1) == 0 and 1 <= behind // (output_size - 1) <= k:
                fitting.append((k, behind // (output_size - 1), p))
    return min(fitting)


def by_output_size_and_remainder(input_size, output_size):
    k = 0
    while True:
        k += 1
        for s in range(1, k + 1):
            for p in range(k):
                behind = input_size + 2 * p - k
                if behind >= 0 and behind % s == 0 and behind // s + 1 == output_size:
                    return k, s, p


def product_of_ranges(input_size, output_size):
    top = abs(input_size - output_size) + 2
    for k in range(1, top):
        for s, p in product(range(1, k + 1), range(k)):
            if input_size + 2 * p == k + s * (output_size - 1):
                return (k, s, p)
    raise ValueError("cannot happen")


def solve_for_padding(input_size, output_size):
    for k in itertools.count(1):
        for s in range(1, k + 1):
            p, odd = divmod((output_size - 1) * s + k - input_size, 2)
            if odd == 0 and 0 <= p < k:
                return k, s, p
