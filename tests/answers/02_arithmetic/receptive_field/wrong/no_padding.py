DIAGNOSIS = "a padding that is ignored"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, _, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= 0
        jump *= stride
    return size, jump, start
