"""Wrong answers to `receptive_field`, as students give them."""


def centre_instead_of_start(layers):
    size, jump, centre = 1, 1, 0.5
    for k, s, p, d in layers:
        size += (k - 1) * d * jump
        centre += ((k - 1) * d / 2 - p) * jump
        jump *= s
    return size, jump, centre


def dilation_in_jump(layers):
    """a dilation that widens the jump"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride * dilation
    return size, jump, start


def jump_first(layers):
    """a size and a start that use the jump behind the layer"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        jump *= stride
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
    return size, jump, start


def k_instead_of_k_minus_one(layers):
    """a size that grows by k times the jump"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * kernel_size * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start


def kernels_multiplied(layers):
    """kernels that are multiplied"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size = size * (dilation * (kernel_size - 1) + 1)
        start -= padding * jump
        jump *= stride
    return size, jump, start


def last_stride_as_jump(layers):
    """the stride of the last layer as the jump"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump = stride
    return size, jump, start


def layers_reversed(layers):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers[::-1]:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start


def no_dilation(layers):
    """a dilation that is ignored"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, _ in layers:
        size += (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start


def no_padding(layers):
    """a padding that is ignored"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, _, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= 0
        jump *= stride
    return size, jump, start


def no_strides(layers):
    """strides that are ignored"""
    size, jump, start = 1, 1, 0
    for kernel_size, _, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump = 1
    return size, jump, start


def padding_not_scaled(layers):
    """a padding that is not multiplied by the jump"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding
        jump *= stride
    return size, jump, start


def size_by_new_jump(layers):
    """a size that grows by the jump behind the layer"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        start -= padding * jump
        jump *= stride
        size += dilation * (kernel_size - 1) * jump
    return size, jump, start


def start_before_jump(layers):
    """a field whose order is (size, start, jump)"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, start, jump


def start_by_new_jump(layers):
    """a start that moves by the jump behind the layer"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        jump *= stride
        start -= padding * jump
    return size, jump, start


def start_positive(layers):
    """a start with its sign turned"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start += padding * jump
        jump *= stride
    return size, jump, start


def starts_from_zero(layers):
    """a size that is 1 too small"""
    size, jump, start = 0, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
    return size, jump, start


def stride_not_in_size(layers):
    """strides that count for the jump but not for the size"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1)
        start -= padding * jump
        jump *= stride
    return size, jump, start


def strides_added(layers):
    """strides that are added up"""
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding, dilation in layers:
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump += stride - 1
    return size, jump, start
