"""Right answers to `invert_transposed`, as students give them."""

import math

import torch


def as_a_convolution(output_size, kernel_size, stride=1, padding=0, dilation=1):
    padded = output_size + 2 * padding
    extent = (kernel_size - 1) * dilation + 1
    if extent > padded:
        raise ValueError("too small")
    input_size = (padded - extent) // stride + 1
    return input_size, (padded - extent) % stride


def floats_made_integers(output_size, kernel_size, stride=1, padding=0, dilation=1):
    steps = (output_size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride
    if steps < 0:
        raise ValueError("no such input")
    n = math.floor(steps) + 1
    return n, round((steps - math.floor(steps)) * stride)


def search(output_size, kernel_size, stride=1, padding=0, dilation=1):
    for n in range(1, output_size + 2 * padding + 1):
        for extra in range(stride):
            made = (n - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + extra + 1
            if made == output_size:
                return n, extra
    raise ValueError("nothing makes this size")


def torch_modules(output_size, kernel_size, stride=1, padding=0, dilation=1):
    for n in range(1, 400):
        for extra in range(stride):
            layer = torch.nn.ConvTranspose1d(
                *(1, 1, kernel_size, stride, padding, extra),
                dilation=dilation,
                bias=False,
                device="meta",
            )
            try:
                made = layer(torch.empty(1, 1, n, device="meta")).shape[2]
            except RuntimeError:
                continue
            if made == output_size:
                return n, extra
            if made > output_size:
                raise ValueError("too small")


def walk_up(output_size, kernel_size, stride=1, padding=0, dilation=1):
    size, n = dilation * (kernel_size - 1) + 1 - 2 * padding, 1
    if size > output_size:
        raise ValueError(f"one pixel makes {size} already")
    while size + stride <= output_size:
        size, n = size + stride, n + 1
    return n, output_size - size
