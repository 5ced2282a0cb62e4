DIAGNOSIS = "a layer of stride 1, whatever the sizes"


def find_layer(input_size, output_size):
    for k in range(1, 1000):
        for p in range(k):
            if input_size + 2 * p - k + 1 == output_size:
                return k, 1, p
