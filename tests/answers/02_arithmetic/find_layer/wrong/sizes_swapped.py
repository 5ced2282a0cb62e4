DIAGNOSIS = "a layer that leads from the output size to the input size"


def find_layer(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if (input_size - 1) * s == output_size + 2 * p - k:
                    return k, s, p
