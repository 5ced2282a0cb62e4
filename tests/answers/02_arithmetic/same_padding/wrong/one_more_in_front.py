DIAGNOSIS = "an odd zero put in front"


def same_padding(kernel_size, dilation=1):
    zeros = dilation * (kernel_size - 1)
    after = zeros // 2
    return zeros - after, after
