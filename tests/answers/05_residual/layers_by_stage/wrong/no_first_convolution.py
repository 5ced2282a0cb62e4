DIAGNOSIS = "a count without the first convolution"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (0, *(convolutions * n for n in blocks), 1)
