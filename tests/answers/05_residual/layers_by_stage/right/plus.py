def layers_by_stage(blocks, bottleneck=True):
    stages = tuple((2 + bottleneck) * n for n in blocks)
    return (1,) + stages + (1,)
