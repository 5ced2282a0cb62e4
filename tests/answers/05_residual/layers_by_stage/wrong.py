"""Wrong answers to `layers_by_stage`, as students give them."""


def always_three(blocks, bottleneck=True):
    convolutions = 3
    return (1, *(convolutions * n for n in blocks), 1)


def always_two(blocks, bottleneck=True):
    convolutions = 2
    return (1, *(convolutions * n for n in blocks), 1)


def backwards(blocks, bottleneck=True):
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n for n in blocks[::-1]), 1)


def blocks(blocks, bottleneck=True):
    """a count of blocks, not of layers"""
    convolutions = 3 if bottleneck else 2
    return (1, *(n for n in blocks), 1)


def first_pooling(blocks, bottleneck=True):
    """a count with the first pooling"""
    convolutions = 3 if bottleneck else 2
    return (2, *(convolutions * n for n in blocks), 1)


def last_pooling(blocks, bottleneck=True):
    """a count with the global pooling at the end"""
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n for n in blocks), 2)


def no_classifier(blocks, bottleneck=True):
    """a count without the classifier"""
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n for n in blocks), 0)


def no_first_convolution(blocks, bottleneck=True):
    """a count without the first convolution"""
    convolutions = 3 if bottleneck else 2
    return (0, *(convolutions * n for n in blocks), 1)


def projection_in_each_block(blocks, bottleneck=True):
    """a count with a projection in each block"""
    convolutions = 3 if bottleneck else 2
    return (1, *((convolutions + 1) * n for n in blocks), 1)


def projection_in_each_stage(blocks, bottleneck=True):
    """a count with a projection in each stage"""
    convolutions = 3 if bottleneck else 2
    return (1, *(convolutions * n + 1 for n in blocks), 1)


def running_sum(blocks, bottleneck=True):
    """a running sum"""
    convolutions = 3 if bottleneck else 2
    sums = [1]
    for n in blocks:
        sums.append(sums[-1] + convolutions * n)
    return (*sums, sums[-1] + 1)
