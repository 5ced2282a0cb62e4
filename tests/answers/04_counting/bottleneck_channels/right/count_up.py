def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    def cost(channels):
        reduce = in_channels * channels
        return size**2 * (reduce + channels * out_channels * kernel_size**2)

    channels = 0
    while cost(channels + 1) <= budget:
        channels += 1
    if channels == 0:
        raise ValueError(f"one channel costs {cost(1)}, the budget is {budget}")
    return channels
