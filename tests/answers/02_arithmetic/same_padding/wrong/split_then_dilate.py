DIAGNOSIS = "zeros that are split before they are dilated"


def same_padding(kernel_size, dilation=1):
    before = (kernel_size - 1) // 2
    after = kernel_size - 1 - before
    return before * dilation, after * dilation
