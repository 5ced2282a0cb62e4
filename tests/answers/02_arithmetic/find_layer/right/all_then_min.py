def find_layer(input_size, output_size):
    largest = abs(input_size - output_size) + 1
    fitting = []
    for p in range(largest):
        for k in range(p + 1, largest + 1):
            behind = input_size + 2 * p - k
            if output_size == 1:
                fitting += [(k, 1, p)] if behind == 0 else []
            elif behind % (output_size - 1) == 0 and 1 <= behind // (output_size - 1) <= k:
                fitting.append((k, behind // (output_size - 1), p))
    return min(fitting)
