DIAGNOSIS = "a count that divides both channels by the groups"


def conv2d_parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    kH, kW = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    weights = out_channels // groups * (in_channels // groups) * kH * kW
    biases = out_channels if bias else 0
    return weights + biases
