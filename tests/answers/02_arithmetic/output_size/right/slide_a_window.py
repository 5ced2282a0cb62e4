def slide(n, k, s, p, d):
    first, count = -p, 0
    while first + d * (k - 1) < n + p:
        count += 1
        first += s
    if count == 0:
        raise ValueError(f"kernel {k} is too large for {n}")
    return count


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    H, W = input_size
    kH, kW = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    sH, sW = stride if isinstance(stride, tuple) else (stride, stride)
    pH, pW = padding if isinstance(padding, tuple) else (padding, padding)
    dH, dW = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    return (slide(H, kH, sH, pH, dH), slide(W, kW, sW, pW, dW))
