DIAGNOSIS = "at least one channel"


def widest_stack(in_channels, field, budget):
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider + (layers - 1) * 9 * wider * wider
        if weights > budget:
            return max(width, 1)
        width = wider
