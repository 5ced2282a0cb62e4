DIAGNOSIS = "three convolutions in a basic block"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 3
    return (1, *(convolutions * n for n in blocks), 1)
