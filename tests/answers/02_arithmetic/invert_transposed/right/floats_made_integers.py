import math


def invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    steps = (output_size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride
    if steps < 0:
        raise ValueError("no such input")
    n = math.floor(steps) + 1
    return n, round((steps - math.floor(steps)) * stride)
