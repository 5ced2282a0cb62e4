DIAGNOSIS = "a count of the steps instead of the places"


def find_layer(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if output_size * s == input_size + 2 * p - k:
                    return k, s, p
