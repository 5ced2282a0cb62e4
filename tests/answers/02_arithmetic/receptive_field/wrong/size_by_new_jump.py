DIAGNOSIS = "a size that grows by the jump behind the layer"


def receptive_field(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        start -= padding * jump
        jump *= stride
        size += dilation * (kernel_size - 1) * jump
    return size, jump, start
