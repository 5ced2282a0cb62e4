DIAGNOSIS = "the smallest padding, whatever the kernel"


def find_layer(input_size, output_size):
    for p in range(60):
        for k in range(p + 1, 60):
            for s in range(1, k + 1):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p
