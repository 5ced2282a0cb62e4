def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    result = []
    for axis in range(2):
        n = input_size[axis]
        k, s, p, d = (
            v if isinstance(v, int) else v[axis] for v in (kernel_size, stride, padding, dilation)
        )
        window = d * (k - 1) + 1
        if n + 2 * p < window:
            raise ValueError("the window does not fit")
        result.append((n + 2 * p - window) // s + 1)
    return result[0], result[1]
