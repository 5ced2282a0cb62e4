def receptive_field(layers):
    first = last = 0
    after_first = 1
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + d * (k - 1)
        after_first = after_first * s - p
    return last - first + 1, after_first - first, first
