import numpy as np


def activation_memory(
    in_size, out_channels, kernel_size, stride=1, padding=0, batch_size=1, itemsize=4
):
    out = (np.array(in_size) + 2 * padding - kernel_size) // stride + 1
    outputs = [(batch_size, out_channels, *out)] * 2
    return int(sum(np.prod(shape) for shape in outputs)) * itemsize
