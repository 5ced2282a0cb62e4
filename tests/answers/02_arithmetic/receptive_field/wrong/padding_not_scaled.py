DIAGNOSIS = "a padding that is not multiplied by the jump"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding
        jump *= stride
    return size, jump, start
