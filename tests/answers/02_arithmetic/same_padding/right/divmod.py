def same_padding(kernel_size, dilation=1):
    half, odd = divmod(dilation * (kernel_size - 1), 2)
    return half, half + odd
