DIAGNOSIS = "a layer that jumps over pixels"


def find_layer(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, 300):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p
