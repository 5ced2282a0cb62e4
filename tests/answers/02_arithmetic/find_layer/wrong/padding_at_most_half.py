DIAGNOSIS = None


def find_layer(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k // 2 + 1):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p
