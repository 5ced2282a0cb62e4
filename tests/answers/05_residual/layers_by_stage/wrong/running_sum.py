DIAGNOSIS = "a running sum"


def layers_by_stage(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    sums = [1]
    for n in blocks:
        sums.append(sums[-1] + convolutions * n)
    return (*sums, sums[-1] + 1)
