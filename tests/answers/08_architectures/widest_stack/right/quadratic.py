import math


def widest_stack(in_channels, field, budget):
    n = (field - 1) // 2
    if n == 1:
        return budget // (9 * in_channels)
    a, b = n - 1, in_channels
    return (math.isqrt(b * b + 4 * a * (budget // 9)) - b) // (2 * a)
