DIAGNOSIS = "a size that is 1 too small"


def receptive_field(layers):
    size, jump, start = 0, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start
