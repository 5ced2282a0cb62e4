import numpy as np


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    n, k, s, p, d = (
        np.broadcast_to(v, 2) for v in (input_size, kernel_size, stride, padding, dilation)
    )
    behind = n + 2 * p - d * (k - 1) - 1
    if (behind < 0).any():
        raise ValueError("the kernel is larger than the padded input")
    return tuple(behind // s + 1)
