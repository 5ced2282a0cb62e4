"""Right answers to `bottleneck_channels`, as students give them."""


def bisect(in_channels, out_channels, kernel_size, size, budget):
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


def count_up(in_channels, out_channels, kernel_size, size, budget):
    def cost(channels):
        reduce = in_channels * channels
        return size**2 * (reduce + channels * out_channels * kernel_size**2)

    channels = 0
    while cost(channels + 1) <= budget:
        channels += 1
    if channels == 0:
        raise ValueError(f"one channel costs {cost(1)}, the budget is {budget}")
    return channels


def divide(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def divmod_of_pixels(in_channels, out_channels, kernel_size, size, budget):
    per_pixel, _ = divmod(budget, size * size)
    channels, _ = divmod(per_pixel, in_channels + out_channels * kernel_size**2)
    if channels < 1:
        raise ValueError("budget")
    return channels
