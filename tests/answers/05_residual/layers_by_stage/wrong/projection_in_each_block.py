DIAGNOSIS = "a count with a projection in each block"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (1, *((convolutions + 1) * n for n in blocks), 1)
