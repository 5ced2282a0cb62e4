def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    def fits(m):
        first = m * in_channels * size * size
        second = out_channels * m * kernel_size * kernel_size * size * size
        return first + second <= budget

    low, high = 0, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    if not low:
        raise ValueError("not even one channel fits")
    return low
