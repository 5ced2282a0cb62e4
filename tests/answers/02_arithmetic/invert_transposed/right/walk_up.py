def invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    size, n = dilation * (kernel_size - 1) + 1 - 2 * padding, 1
    if size > output_size:
        raise ValueError(f"one pixel makes {size} already")
    while size + stride <= output_size:
        size, n = size + stride, n + 1
    return n, output_size - size
