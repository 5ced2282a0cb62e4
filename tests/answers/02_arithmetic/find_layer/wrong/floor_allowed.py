DIAGNOSIS = "a layer that leaves pixels unread, since a floor hides them"


def find_layer(input_size, output_size):
    for k in range(1, 60):
        for s in range(1, k + 1):
            for p in range(k):
                if input_size + 2 * p >= k and (input_size + 2 * p - k) // s + 1 == output_size:
                    return k, s, p
