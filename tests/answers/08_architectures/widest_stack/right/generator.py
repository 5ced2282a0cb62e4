def widest_stack(in_channels, field, budget):
    def weights(c):
        channels = [in_channels] + [c] * ((field - 1) // 2)
        return sum(9 * a * b for a, b in zip(channels, channels[1:]))

    return next(c for c in range(budget + 1) if weights(c + 1) > budget)
