def invert_transposed(output_size, kernel_size, stride=1, padding=0, dilation=1):
    padded = output_size + 2 * padding
    extent = (kernel_size - 1) * dilation + 1
    if extent > padded:
        raise ValueError("too small")
    input_size = (padded - extent) // stride + 1
    return input_size, (padded - extent) % stride
