def invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    for n in range(1, output_size + 2 * padding + 1):
        for extra in range(stride):
            made = (n - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + extra + 1
            if made == output_size:
                return n, extra
    raise ValueError("nothing makes this size")
