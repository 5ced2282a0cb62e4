from itertools import product


def find_layer(input_size, output_size):
    top = abs(input_size - output_size) + 2
    for k in range(1, top):
        for s, p in product(range(1, k + 1), range(k)):
            if input_size + 2 * p == k + s * (output_size - 1):
                return (k, s, p)
    raise ValueError("cannot happen")
