def conv2d_parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    if not isinstance(kernel_size, tuple):
        kernel_size = (kernel_size,) * 2
    total = 0
    for _ in range(groups):
        kernels, depth = out_channels // groups, in_channels // groups
        total += kernels * (depth * kernel_size[0] * kernel_size[1] + bool(bias))
    return total
