def same_padding(kernel_size, dilation=1):
    n = 100
    before = after = 0
    while n + before + after - dilation * (kernel_size - 1) != n:
        if after > before:
            before += 1
        else:
            after += 1
    return before, after
