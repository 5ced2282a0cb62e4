DIAGNOSIS = "a single layer"


def widest_stack(in_channels, field, budget):
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 9 * in_channels * wider
        if weights > budget:
            return width
        width = wider
