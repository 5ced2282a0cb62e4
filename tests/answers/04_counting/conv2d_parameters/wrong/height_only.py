DIAGNOSIS = "a kernel whose height is taken for its width"


def conv2d_parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kH, kW = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    weights = out_channels * (in_channels // groups) * kH * kH
    biases = out_channels if bias else 0
    return weights + biases
