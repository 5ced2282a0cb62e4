DIAGNOSIS = "a dilation that widens the jump"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride * dilation
    return size, jump, start
