DIAGNOSIS = None


def widest_stack(in_channels, field, budget):
    layers = max((field - 1) // 2, 2)
    width = 0
    while True:
        wider = width + 1
        weights = (layers - 1) * 9 * wider * wider
        if weights > budget:
            return width
        width = wider
