DIAGNOSIS = None


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    def both(v):
        return v if isinstance(v, tuple) else (v, v)

    rows = zip(
        input_size, both(kernel_size), both(stride), both(padding), both(dilation), strict=True
    )
    return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in rows)
