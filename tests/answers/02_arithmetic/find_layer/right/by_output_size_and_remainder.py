def find_layer(input_size, output_size):
    k = 0
    while True:
        k += 1
        for s in range(1, k + 1):
            for p in range(k):
                behind = input_size + 2 * p - k
                if behind >= 0 and behind % s == 0 and behind // s + 1 == output_size:
                    return k, s, p
