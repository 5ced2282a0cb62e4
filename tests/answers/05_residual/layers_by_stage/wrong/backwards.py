DIAGNOSIS = "stages from last to first"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n for n in blocks[::-1]), 1)
