DIAGNOSIS = "a count with a projection in each stage"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n + 1 for n in blocks), 1)
