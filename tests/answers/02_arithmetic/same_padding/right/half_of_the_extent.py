def same_padding(kernel_size, dilation=1):
    extent = kernel_size + (kernel_size - 1) * (dilation - 1)
    return (extent - 1) // 2, extent // 2
