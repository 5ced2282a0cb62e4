DIAGNOSIS = "kernels of 3 weights"


def widest_stack(in_channels, field, budget):
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = 3 * in_channels * wider + (layers - 1) * 3 * wider * wider
        if weights > budget:
            return width
        width = wider
