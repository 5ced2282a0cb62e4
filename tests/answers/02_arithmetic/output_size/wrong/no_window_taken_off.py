DIAGNOSIS = "a quotient of the padded size, with no window taken off"


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def output_size(input_size, kernel_size, stride=1, padding=0, dilation=1):
    options = [pair(value) for value in (kernel_size, stride, padding, dilation)]
    sizes = []
    for n, k, s, p, d in zip(input_size, *options, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("the window does not fit")
        sizes.append((n + 2 * p) // s)
    return tuple(sizes)
