DIAGNOSIS = "two convolutions in a bottleneck block"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 2
    return (1, *(convolutions * n for n in blocks), 1)
