DIAGNOSIS = "a start that moves by the jump behind the layer"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        jump *= stride
        start -= padding * jump
    return size, jump, start
