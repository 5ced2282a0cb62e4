"""Right answers to `widest_stack`, as students give them."""

import math


def bisection(in_channels, field, budget):
    n = (field - 1) // 2
    low, high = 0, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        if 9 * middle * (in_channels + (n - 1) * middle) <= budget:
            low = middle
        else:
            high = middle
    return low


def generator(in_channels, field, budget):
    def weights(c):
        channels = [in_channels] + [c] * ((field - 1) // 2)
        return sum(9 * a * b for a, b in zip(channels, channels[1:]))

    return next(c for c in range(budget + 1) if weights(c + 1) > budget)


def quadratic(in_channels, field, budget):
    n = (field - 1) // 2
    if n == 1:
        return budget // (9 * in_channels)
    a, b = n - 1, in_channels
    return (math.isqrt(b * b + 4 * a * (budget // 9)) - b) // (2 * a)


def search(in_channels, field, budget):
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights > budget:
            return width
        width = wider
