import itertools


def find_layer(input_size, output_size):
    for k in itertools.count(1):
        for s in range(1, k + 1):
            p, odd = divmod((output_size - 1) * s + k - input_size, 2)
            if odd == 0 and 0 <= p < k:
                return k, s, p
