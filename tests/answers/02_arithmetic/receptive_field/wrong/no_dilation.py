DIAGNOSIS = "a dilation that is ignored"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, _ in layers:
        size += (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start
