"""Right answers to `output_size`, as students give them."""

import numpy as np
import torch


def ask_torch(input_size, kernel_size, stride=1, padding=0, dilation=1):
    layer = torch.nn.Conv2d(1, 1, kernel_size, stride, padding, dilation, device="meta")
    try:
        y = layer(torch.empty(1, 1, *input_size, device="meta"))
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    return y.shape[2], y.shape[3]


def _one(n, k, s, p, d):
    places = list(range(0, n + 2 * p - d * (k - 1), s))
    if not places:
        raise ValueError("no place")
    return len(places)


def count_the_places(input_size, kernel_size, stride=1, padding=0, dilation=1):
    def two(v):
        return v if isinstance(v, tuple) else (v, v)

    rows, columns = zip(
        input_size, two(kernel_size), two(stride), two(padding), two(dilation), strict=True
    )
    return _one(*rows), _one(*columns)


def loop_over_axes(input_size, kernel_size, stride=1, padding=0, dilation=1):
    result = []
    for axis in range(2):
        n = input_size[axis]
        k, s, p, d = (
            v if isinstance(v, int) else v[axis] for v in (kernel_size, stride, padding, dilation)
        )
        window = d * (k - 1) + 1
        if n + 2 * p < window:
            raise ValueError("the window does not fit")
        result.append((n + 2 * p - window) // s + 1)
    return result[0], result[1]


def numpy(input_size, kernel_size, stride=1, padding=0, dilation=1):
    n, k, s, p, d = (
        np.broadcast_to(v, 2) for v in (input_size, kernel_size, stride, padding, dilation)
    )
    behind = n + 2 * p - d * (k - 1) - 1
    if (behind < 0).any():
        raise ValueError("the kernel is larger than the padded input")
    return tuple(behind // s + 1)


def _slide(n, k, s, p, d):
    first, count = -p, 0
    while first + d * (k - 1) < n + p:
        count += 1
        first += s
    if count == 0:
        raise ValueError(f"kernel {k} is too large for {n}")
    return count


def slide_a_window(input_size, kernel_size, stride=1, padding=0, dilation=1):
    H, W = input_size
    kH, kW = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    dH, dW = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    return (_slide(H, kH, sH, pH, dH), _slide(W, kW, sW, pW, dW))
