def layers_by_stage(blocks, bottleneck=True):
    counts = [1]
    for n in blocks:
        counts.append(3 * n if bottleneck else 2 * n)
    return [*counts, 1]
