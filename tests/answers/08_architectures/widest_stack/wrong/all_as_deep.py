DIAGNOSIS = "a first layer as deep as the others"


def widest_stack(in_channels, field, budget):
    layers = (field - 1) // 2
    width = 0
    while True:
        wider = width + 1
        weights = layers * 9 * wider * wider
        if weights > budget:
            return width
        width = wider
