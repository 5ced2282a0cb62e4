def widest_stack(in_channels, field, budget):
    n = (field - 1) // 2
    low, high = 0, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        if 9 * middle * (in_channels + (n - 1) * middle) <= budget:
            low = middle
        else:
            high = middle
    return low
