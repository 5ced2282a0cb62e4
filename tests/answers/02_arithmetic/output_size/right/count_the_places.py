def one(n, k, s, p, d):
    places = list(range(0, n + 2 * p - d * (k - 1), s))
    if not places:
        raise ValueError("no place")
    return len(places)


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    def two(v):
        return v if isinstance(v, tuple) else (v, v)

    rows, columns = zip(
        input_size, two(kernel_size), two(stride), two(padding), two(dilation), strict=True
    )
    return one(*rows), one(*columns)
