DIAGNOSIS = "a size and a start that use the jump behind the layer"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        jump *= stride
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
    return size, jump, start
