DIAGNOSIS = "a layer of stride 1, whatever the sizes"


def find_layer(input_size, output_size):
    for s in range(1, 60):
        for k in range(s, 60):
            for p in range(k):
                if (output_size - 1) * s == input_size + 2 * p - k:
                    return k, s, p
